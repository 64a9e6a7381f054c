import { setTimeout as sleep } from 'node:timers/promises'
import { toError, Unavailable } from '../../core/errors.ts'
import {
  type EmbeddedConnection,
  type EmbeddedOptions,
  type EmbeddedServer,
  startEmbedded,
} from './start-embedded.ts'

/** Failed starts and falls within one window after which a further restart would heal nothing. */
const MAX_FALLS = 5
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
  let falls: number[] = []
  const watching = watch()
  const lost = watching.then(() => new Promise<never>(() => {}))
  lost.catch(() => {})

  /** Ends when we stop, throws when the server is given up. */
  async function watch(): Promise<void> {
    for (;;) {
      const exit = await server.exited
      if (isStopping) return
      log.error(exit, 'the embedded database ended unexpectedly; starting it again')
      server = await restart()
      log.info({ pid: server.pid }, 'the embedded database is back')
      if (isStopping) return server.stop()
    }
  }

  async function restart(): Promise<EmbeddedServer> {
    for (;;) {
      falls = [...falls.filter((at) => performance.now() - at < WINDOW_MS), performance.now()]
      await sleep(PAUSE_MS * falls.length)
      try {
        return await startEmbedded({ ...options, socketFolder: server.socketFolder })
      } catch (thrown) {
        log.error({ err: toError(thrown).message }, 'the embedded database did not come back')
        if (isStopping || falls.length >= MAX_FALLS) throw givenUp(options.dataDir, thrown)
      }
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
      await watching.catch(() => {})
    },
  }
}

function givenUp(dataDir: string, cause: unknown): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    `the embedded database in ${dataDir} ended and did not come back in ${MAX_FALLS} tries: ${toError(cause).message}. What was committed is safe. Look into postgres.log there, then start Gleaner again`,
    { cause },
  )
}
