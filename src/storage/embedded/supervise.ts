import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GleanerError, toError, Unavailable } from '../../core/errors.ts'
import { troubleOf } from '../database-errors.ts'
import { readFreeBytes, toMegabytes } from '../free-space.ts'
import {
  DATABASE_FOLDER,
  type EmbeddedConnection,
  type EmbeddedOptions,
  type EmbeddedServer,
  startEmbedded,
} from './start-embedded.ts'

/** Failed starts and falls within one window after which a further restart would heal nothing. */
const MAX_FALLS = 5
const WINDOW_MS = 60_000
const PAUSE_MS = 200
/** What a start takes at least: two pieces of PostgreSQL's log. With less, recovery ends where it began. */
const START_BYTES = 32 * 1024 * 1024
/** How often is looked whether a full disk has room again. */
const LOOK_EVERY_MS = 500
/** The pause between two starts that a quota, which nobody can look at, has ended. */
const QUOTA_PAUSE_MS = 2_000

type SupervisedServer = {
  readonly connection: EmbeddedConnection
  readonly adminConnection: EmbeddedConnection
  readonly version: string
  /** The server that runs now; another one after a restart. */
  readonly pid: number
  /** Rejects when the server keeps falling and is given up. */
  readonly lost: Promise<never>
  stop(): Promise<void>
}

type SuperviseOptions = EmbeddedOptions & {
  /** What is free on the disk of the database, bytes. Tests say something else than the disk does. */
  readonly freeBytes?: () => Promise<number | undefined>
}

/**
 * Starts the embedded server and starts it again whenever it dies by accident, at the same socket, so that
 * pools find it: their open transactions fail and are rolled back, what was committed is recovered.
 * PostgreSQL ends where its disk is full; then it is started when there is room, however long that takes.
 */
export async function superviseEmbedded(options: SuperviseOptions): Promise<SupervisedServer> {
  const { log, dataDir } = options
  const freeBytes = options.freeBytes ?? (() => readFreeBytes(path.join(dataDir, DATABASE_FOLDER)))
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
      const restarted = await restart()
      if (restarted === undefined) return
      server = restarted
      log.info({ pid: server.pid }, 'the embedded database is back')
      if (isStopping) return server.stop()
    }
  }

  /** Nothing where we stop before it is back. */
  async function restart(): Promise<EmbeddedServer | undefined> {
    for (;;) {
      falls = (await waitForRoom())
        ? []
        : [...falls.filter((at) => performance.now() - at < WINDOW_MS), performance.now()]
      await sleep(PAUSE_MS * falls.length)
      if (isStopping) return undefined
      try {
        return await startEmbedded({ ...options, socketFolder: server.socketFolder })
      } catch (thrown) {
        log.error({ err: toError(thrown).message }, 'the embedded database did not come back')
        if (isDiskFull(thrown)) {
          falls.pop()
          await sleep(QUOTA_PAUSE_MS)
        } else if (falls.length >= MAX_FALLS) throw givenUp(dataDir, thrown)
      }
    }
  }

  /** Whether there was something to wait for: then the fall says nothing about the database. */
  async function waitForRoom(): Promise<boolean> {
    for (let isFull = false; ; isFull = true) {
      const free = await freeBytes()
      if (isStopping || free === undefined || free >= START_BYTES) return isFull
      if (!isFull) log.error({ freeMb: toMegabytes(free), neededMb: toMegabytes(START_BYTES) }, DISK_FULL)
      await sleep(LOOK_EVERY_MS)
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

const DISK_FULL =
  'the disk of the embedded database is full; it is started when there is room. What was committed is safe. Free some space'

function isDiskFull(thrown: unknown): boolean {
  if (thrown instanceof GleanerError && thrown.code === 'ERROR_DISK_FULL') return true
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' || troubleOf(thrown) === 'disk_full'
}

function givenUp(dataDir: string, cause: unknown): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    `the embedded database in ${dataDir} ended and did not come back in ${MAX_FALLS} tries: ${toError(cause).message}. What was committed is safe. Look into postgres.log there, then start Gleaner again`,
    { cause },
  )
}
