import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Connection, createDatabase, type WholeDatabase, withDatabase } from '../../src/storage/index.ts'
import { listFalseClaims } from './false-claims.ts'
import { silentLog } from './silent-log.ts'

export type TestDatabase = {
  readonly db: WholeDatabase
  /** For what opens connections of its own, such as the queue. */
  readonly connection: Connection
  /** Closes the pool and removes the database. */
  drop(): Promise<void>
}

export type TestDatabaseOptions = {
  readonly maxConnections?: number
  readonly statementTimeoutMs?: number
  /** Of every session, beside those that the product sets. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * As long as a test may take: what waits, holds a transaction or reads much may do so on a busy machine, too.
 */
const UNHURRIED = {
  acquireTimeoutMs: 200_000,
  statementTimeoutMs: 200_000,
  idleInTransactionTimeoutMs: 200_000,
}

/**
 * Clones the migrated template into a database of its own, a tenth of a second. One per test file is enough
 * when each test makes its own domain: `const test = await createTestDatabase(); afterAll(test.drop)`.
 * Whatever the tests wrote, rosters must be true in the end.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const test = await createDatabaseFrom(inject('testDatabase').template, options)
  return {
    ...test,
    async drop() {
      const falseClaims = await listFalseClaims(test.db).finally(test.drop)
      assert.deepEqual(
        falseClaims,
        [],
        'what was written left rosters that do not say what contributions say',
      )
    },
  }
}

/** A database without any of our tables, for tests of what makes them. */
export async function createEmptyDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return createDatabaseFrom('template0', options)
}

async function createDatabaseFrom(
  template: string,
  { settings = {}, ...options }: TestDatabaseOptions,
): Promise<TestDatabase> {
  const { admin, prefix, strategy, tenantRole } = inject('testDatabase')
  const name = `${prefix}_${randomBytes(6).toString('hex')}`
  await administrate(admin, `create database ${name} template ${template} strategy ${strategy}`)
  for (const [setting, value] of Object.entries(settings)) {
    await administrate(admin, `alter database ${name} set ${setting} = '${value}'`)
  }
  const connection = withDatabase(admin, name)
  const db = createDatabase({ connection, log: silentLog, tenantRole, ...UNHURRIED, ...options })
  return {
    db,
    connection,
    async drop() {
      await db.close()
      await administrate(admin, `drop database ${name} with (force)`)
    },
  }
}

async function administrate(admin: Connection, statement: string): Promise<void> {
  const client = new pg.Client({ ...admin })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
