import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../src/storage/embedded/start-embedded.ts'
import { silentLog } from './silent-log.ts'

export const READER = { username: 'inventory_reader', password: 'reader-4711-pass' }

/**
 * A PostgreSQL for one test file, with a role that may look. The server of the whole run will not do for what
 * looks into every database: others come and go meanwhile, and a template that somebody is connected to
 * cannot be cloned.
 */
export async function startOwnPostgres() {
  const dataDir = await mkdtemp(join(tmpdir(), 'gleaner-own-'))
  const server = await startEmbedded({ dataDir, log: silentLog, settings: { fsync: 'off' } })
  const admin = new pg.Client({ ...server.adminConnection })
  await admin.connect()
  await admin.query(`create role ${READER.username} login password '${READER.password}'`)
  await admin.query(`grant pg_monitor to ${READER.username}`)
  const { database = 'postgres', host, port } = admin
  return {
    admin,
    connection: server.adminConnection,
    options: { host, port, database, tls: 'disable' },
    async stop() {
      await admin.end()
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
