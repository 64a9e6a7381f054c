import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PgBossQueue } from '../../../src/jobs/index.ts'
import { superviseEmbedded } from '../../../src/storage/embedded/supervise.ts'
import { createDatabase, type Database, migrate } from '../../../src/storage/index.ts'
import { silentLog } from '../../support/silent-log.ts'
import { watchTokens } from './watch-tokens.ts'

const MIGRATIONS = join(import.meta.dirname, '../../../migrations')

/**
 * A database server of its own, which may be killed and is started again as the product does, and what
 * observes it.
 */
export async function openArena() {
  const dataDir = await mkdtemp(join(tmpdir(), 'gleaner-chaos-'))
  const server = await superviseEmbedded({
    dataDir,
    log: silentLog,
    settings: { fsync: 'off', max_connections: '150' },
  })
  const { connection } = server
  await migrate({ connection, folder: MIGRATIONS, log: silentLog })
  const db = createDatabase({ connection, log: silentLog, acquireTimeoutMs: 20_000 })
  const queue = new PgBossQueue({ connection, log: silentLog })
  await queue.start()
  await watchTokens(db)
  return {
    dataDir,
    connection,
    db,
    queue,
    /** The database server that runs now. */
    postmaster: () => server.pid,
    async close() {
      await queue.stop().catch(() => {})
      await db.close()
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export type Arena = Awaited<ReturnType<typeof openArena>>

/** Asks again while the database is away. */
export async function persistently<T>(db: Database, ask: (db: Database) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(db)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
