export {
  boolArray,
  byteaArray,
  float8Array,
  int4Array,
  int8Array,
  jsonbArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from './binary-array.ts'
export { type Connection, describeConnection, withDatabase } from './connection.ts'
export type { TakeRow } from './copy-out.ts'
export { type DataFolder, openDataFolder } from './data-folder.ts'
export type {
  Database,
  PoolUse,
  QueryOptions,
  Sql,
  Transaction,
  TransactionOptions,
  WholeDatabase,
} from './database.ts'
export { sqlState, TROUBLES, violatedConstraint } from './database-errors.ts'
export { lockFolder } from './folder-lock.ts'
export { type Listener, type ListenOptions, listen } from './listen.ts'
export { literal } from './literal.ts'
export { lockCollectorRow } from './lock-collector-row.ts'
export type { Log } from './log.ts'
export {
  type AppliedMigration,
  assertSameHistory,
  MIGRATION_LOCK,
  type Migration,
  migrate,
  readMigrations,
} from './migrate.ts'
export { createNotifications, type Notifications } from './notifications.ts'
export { type OpenedDatabase, type OpenOptions, openDatabase } from './open-database.ts'
export { createPlaces } from './places.ts'
export { createDatabase, type DatabaseOptions } from './postgres-database.ts'
export { createRoom, type Room } from './room.ts'
export { RowWriter, readFields } from './row-writer.ts'
export { prepareTenantRole } from './tenant-role.ts'
