import { setTimeout as sleep } from 'node:timers/promises'
import { toError, Unavailable } from '../../core/errors.ts'
import {
  type EmbeddedConnection,
  type EmbeddedOptions,
  type EmbeddedServer,
  startEmbedded,
} from './start-embedded.ts'

/** Within one window: a server that falls more often than this has a reason that a restart does not heal. */
const MAX_RESTARTS = 5
const WINDOW_MS = 60_000
const PAUSE_MS = 200

export type SupervisedServer = {
  readonly connection: EmbeddedConnection
  readonly adminConnection: EmbeddedConnection
  readonly version: string
  /** The server that runs now; another one after a restart. */
  readonly pid: number
  /** Rejects when the server keeps falling and is given up. */
  readonly lost: Promise<never>
  stop(): Promise<void>
}

/**
 * Starts the embedded server and starts it again whenever it dies by accident, at the same socket, so that pools
 * find it: their open transactions fail and are rolled back, what was committed is recovered.
 */
export async function superviseEmbedded(options: EmbeddedOptions): Promise<SupervisedServer> {
  const { log } = options
  let server = await startEmbedded(options)
  let isStopping = false
  let startedAt: number[] = []
  const lost = watch()
  lost.catch(() => {})

  async function watch(): Promise<never> {
    for (;;) {
      const exit = await server.exited
      if (isStopping) return new Promise<never>(() => {})
      log.error(exit, 'the embedded database ended unexpectedly; starting it again')
      server = await restart()
      log.info({ pid: server.pid }, 'the embedded database is back')
    }
  }

  async function restart(): Promise<EmbeddedServer> {
    startedAt = startedAt.filter((at) => performance.now() - at < WINDOW_MS)
    if (startedAt.length >= MAX_RESTARTS) throw givenUp(options.dataDir, undefined)
    startedAt.push(performance.now())
    try {
      await sleep(PAUSE_MS * startedAt.length)
      return await startEmbedded({ ...options, socketFolder: server.socketFolder })
    } catch (thrown) {
      if (startedAt.length >= MAX_RESTARTS) throw givenUp(options.dataDir, thrown)
      log.error({ err: toError(thrown).message }, 'the embedded database did not come back')
      return restart()
    }
  }

  return {
    connection: server.connection,
    adminConnection: server.adminConnection,
    version: server.version,
    lost,
    get pid() {
      return server.pid
    },
    async stop() {
      isStopping = true
      await server.stop()
    },
  }
}

function givenUp(dataDir: string, cause: unknown): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    `the embedded database in ${dataDir} ended ${MAX_RESTARTS} times within a minute and is not started again${cause ? `: ${toError(cause).message}` : ''}. What was committed is safe. Look into postgres.log there, then start Gleaner again`,
    { cause },
  )
}
