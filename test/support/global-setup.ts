import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/storage/embedded/start-embedded.ts'
import { type Connection, migrate, prepareTenantRole, withDatabase } from '../../src/storage/index.ts'
import { makeMemoryFolder } from './memory-folder.ts'
import { silentLog } from './silent-log.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A connection that may create databases, the names that this run uses, and the quickest way to clone. */
    testDatabase: {
      admin: Connection
      template: string
      prefix: string
      strategy: 'file_copy' | 'wal_log'
      tenantRole: string | undefined
    }
  }
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/**
 * One database server for the whole run: the embedded one in a temporary folder, or the one that
 * TEST_DATABASE_URL (else DATABASE_URL) names. Tests clone the migrated template.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const inMemory = project.config.env.TMPDIR
  if (inMemory) makeMemoryFolder(inMemory)
  const server = await startServer(inMemory ?? os.tmpdir())
  const prefix = `gleaner_test_${randomBytes(4).toString('hex')}`
  const template = `${prefix}_template`
  let tenantRole: string | undefined
  try {
    await administrate(server.admin, [`create database ${template}`])
    const connection = withDatabase(server.admin, template)
    await migrate({ connection, folder: MIGRATIONS, log: silentLog })
    tenantRole = await prepareTenantRole({ connection, log: silentLog })
  } catch (thrown) {
    await dropAll(server.admin, prefix).finally(server.stop)
    throw thrown
  }
  const { admin, strategy } = server
  project.provide('testDatabase', { admin, template, prefix, strategy, tenantRole })
  return async () => {
    await dropAll(server.admin, prefix).finally(server.stop)
    if (inMemory) await rm(inMemory, { recursive: true, force: true })
  }
}

type TestServer = {
  readonly admin: Connection
  readonly strategy: 'file_copy' | 'wal_log'
  readonly stop: () => Promise<void>
}

async function startServer(temporaryFolder: string): Promise<TestServer> {
  const url = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL
  if (url) return { admin: { connectionString: url }, strategy: 'wal_log', stop: async () => {} }
  const dataDir = await mkdtemp(path.join(temporaryFolder, 'gleaner-test-'))
  /* Nothing here must survive a crash, and a test run is mostly small commits. */
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_wal_size: '256MB',
    max_connections: '200',
  }
  const server = await startEmbedded({ dataDir, log: silentLog, settings })
  return {
    admin: server.adminConnection,
    strategy: 'file_copy',
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function dropAll(admin: Connection, prefix: string): Promise<void> {
  const names = await administrate(admin, [`select datname from pg_database where datname like '${prefix}%'`])
  await administrate(
    admin,
    names.map((name) => `drop database "${name}" with (force)`),
  )
}

async function administrate(admin: Connection, statements: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ ...admin })
  await client.connect()
  try {
    const names: string[] = []
    for (const statement of statements) {
      const { rows } = await client.query<{ datname: string }>(statement)
      names.push(...rows.map((row) => row.datname))
    }
    return names
  } finally {
    await client.end()
  }
}
