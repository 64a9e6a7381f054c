import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { FailedPrecondition, GleanerError, toError } from '../core/errors.ts'
import { CONNECT_WITHIN_MS, type Connection, describeConnection } from './connection.ts'
import { sqlState, toDatabaseError } from './database-errors.ts'
import type { Log } from './log.ts'

/** A migration as a database keeps it. */
export type AppliedMigration = {
  readonly version: number
  readonly name: string
  readonly checksum: string
}

export type Migration = AppliedMigration & { readonly text: string }

export type MigrateOptions = {
  readonly connection: Connection
  readonly folder: string
  readonly log: Log
  /** Applies these alone: for data that were written when there were no others. */
  readonly only?: readonly AppliedMigration[]
}

/** Whoever holds it keeps servers from starting on the database. Any number will do, as long as every Gleaner takes the same one. */
export const MIGRATION_LOCK = 7_261_093_354

/**
 * Brings the database to the newest version that `folder` knows: each file in a transaction of its own,
 * with its row in `schema_migration`. Servers that start together take turns on an advisory lock.
 */
export async function migrate({ connection, folder, log, only }: MigrateOptions): Promise<void> {
  const migrations = await readMigrations(folder)
  const wanted = only && toApplied(only)
  const client = new pg.Client({
    ...connection,
    application_name: 'gleaner migrate',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  })
  client.on('error', (error) => log.warn({ err: error.message }, 'connection lost while migrating'))
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const applied = await readApplied(client)
    assertSameHistory(migrations, [...applied.values()])
    for (const migration of migrations) {
      const isWanted = wanted === undefined || wanted.has(migration.version)
      if (isWanted && !applied.has(migration.version)) await apply(client, migration, log)
    }
  } catch (thrown) {
    throw explain(thrown, describeConnection(connection))
  } finally {
    await client.end().catch(() => {})
  }
}

/** Since PostgreSQL 15 only its owner may create tables in a database. */
function explain(thrown: unknown, where: string): Error {
  if (sqlState(thrown) !== '42501') return toDatabaseError(thrown, where)
  return new FailedPrecondition(
    'ERROR_DATABASE_PERMISSION',
    `the user of DATABASE_URL may not create tables at ${where}: ${toError(thrown).message}. Nothing was changed. Make it the owner of the database, or grant it create on schema public`,
    { cause: thrown },
  )
}

/** Reads `NNNN_name.sql` files in the order of their numbers; two files with one number are a mistake. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const migrations: Migration[] = []
  for (const file of (await readdir(folder)).sort()) {
    const [, number, name] = /^(\d{4})_([a-z0-9_-]+)\.sql$/.exec(file) ?? []
    if (number === undefined || name === undefined) continue
    if (migrations.at(-1)?.version === Number(number)) {
      throw new Error(`two migrations have the number ${number}; renumber '${file}'`)
    }
    const text = await readFile(path.join(folder, file), 'utf8')
    const checksum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
    migrations.push({ version: Number(number), name, checksum, text })
  }
  return migrations
}

type Applied = ReadonlyMap<number, AppliedMigration>

function toApplied(migrations: readonly AppliedMigration[]): Applied {
  return new Map(migrations.map((migration) => [migration.version, migration]))
}

async function readApplied(client: pg.Client): Promise<Applied> {
  await client.query(`create table if not exists schema_migration (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`)
  const { rows } = await client.query<AppliedMigration>(
    'select version, name, checksum from schema_migration order by version',
  )
  return toApplied(rows)
}

/** What the database has gone through must be the beginning of what this release knows. */
export function assertSameHistory(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]))
  const newest = migrations.at(-1)?.version ?? 0
  for (const { version, name, checksum } of applied) {
    const migration = known.get(version)
    if (version > newest) {
      throw new FailedPrecondition(
        'ERROR_DATABASE_TOO_NEW',
        `the database is at version ${Math.max(...applied.map((one) => one.version))}, this release of Gleaner knows versions up to ${newest}: a newer release has used it. Nothing was changed. Start that newer release, or restore a backup made before the upgrade`,
      )
    }
    if (migration?.checksum !== checksum) {
      throw new FailedPrecondition(
        'ERROR_MIGRATION_CHANGED',
        `migration ${fileName(version, name)} was ${migration ? 'changed' : 'removed'} after this database had applied it, so that nobody can tell what its tables look like. Nothing was changed. Restore the file as it was released, and put the change into a migration with a new number`,
      )
    }
  }
}

async function apply(client: pg.Client, migration: Migration, log: Log): Promise<void> {
  const { version, name, checksum, text } = migration
  const startedAt = performance.now()
  try {
    await client.query('begin')
    await client.query(text)
    await client.query('insert into schema_migration (version, name, checksum) values ($1, $2, $3)', [
      version,
      name,
      checksum,
    ])
    await client.query('commit')
  } catch (thrown) {
    await client.query('rollback').catch(() => {})
    const mapped = toDatabaseError(thrown, 'its server')
    if (mapped instanceof GleanerError) throw mapped
    throw new FailedPrecondition(
      'ERROR_MIGRATION_FAILED',
      `migration ${fileName(version, name)} failed: ${toError(thrown).message}. It was rolled back, and the database stays at version ${version - 1}`,
      { cause: thrown },
    )
  }
  log.info({ version, name, ms: Math.round(performance.now() - startedAt) }, 'database migrated')
}

function fileName(version: number, name: string): string {
  return `${String(version).padStart(4, '0')}_${name}.sql`
}
