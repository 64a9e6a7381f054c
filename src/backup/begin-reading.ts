import { FailedPrecondition, GleanerError } from '../core/errors.ts'
import { type AppliedMigration, assertSameHistory, readMigrations } from '../storage/index.ts'
import type { Session } from '../storage/transfer/index.ts'
import { listTables, ownNames, quoted, readApplied } from './contents.ts'

export type Source = {
  /** See `ownNames`. */
  readonly own: readonly string[]
  /** What the database has gone through. */
  readonly applied: readonly AppliedMigration[]
}

/**
 * Begins the transaction in which the session sees one instant until its end. Throws where there is nothing of ours, and where a newer
 * release has been, of whose tables this one knows nothing.
 */
export async function beginReading(session: Session, migrationsFolder: string): Promise<Source> {
  const migrations = await readMigrations(migrationsFolder)
  await session.query('begin isolation level repeatable read read only')
  // A role from which rows are hidden has to fail, and not to leave them out.
  await session.query('set local row_security = off')
  const applied = await readApplied(session)
  if (applied.length === 0) throw nothingThere()
  assertSameHistory(migrations, applied)
  const own = ownNames(migrations)
  await lockTables(session, own)
  return { own, applied }
}

/**
 * Keeps the tables as they are until the transaction ends. One that a migration wrote anew since the instant would look empty: its rows
 * are younger. `pg_relation_filenode` tells which file it is now, the catalog which it was.
 */
async function lockTables(session: Session, own: readonly string[]): Promise<void> {
  const names = (await listTables(session, own)).map(({ name }) => quoted(name))
  await session.query(`lock table ${names.join(', ')} in access share mode`)
  const [changed] = await session.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname = any($1)
        and relfilenode <> pg_relation_filenode(oid)`,
    [own],
  )
  if (changed !== undefined) throw tableChanged(changed.name)
}

function tableChanged(name: string): GleanerError {
  return new GleanerError(
    'conflict',
    'ERROR_DATABASE_CONFLICT',
    `table ${name} was written anew just now, as a release does that starts for the first time, so that its rows were not to be seen. Nothing was written. Repeat it`,
    { retryable: true },
  )
}

function nothingThere(): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_DATABASE_MISSING',
    'no Gleaner has been started on this database, so there is nothing to take from it. Nothing was written. Name the database with DATABASE_URL or GLEANER_DATA_DIR, as the server has it',
  )
}
