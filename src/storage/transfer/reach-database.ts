import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FailedPrecondition, GleanerError, toError, Unavailable } from '../../core/errors.ts'
import type { Connection } from '../connection.ts'
import { openDataFolder } from '../data-folder.ts'
import { DATABASE_FOLDER, findRunning, startEmbedded } from '../embedded/start-embedded.ts'
import type { OpenOptions } from '../open-database.ts'
import { waitForServer } from '../server-version.ts'

export type ReachOptions = Pick<OpenOptions, 'databaseUrl' | 'dataDir' | 'databaseUser' | 'log'>

export type ReachedDatabase = {
  readonly connection: Connection
  /** PostgreSQL's version. */
  readonly version: string
  /** Stops the embedded server if it was started for this. */
  close(): Promise<void>
}

const WAIT_MS = 10_000

/**
 * Reaches the database that a Gleaner with these options uses, whether that one runs or not: the embedded server of a process that
 * runs is used beside it, one that is stopped is started meanwhile. Changes nothing, and makes no database where there is none.
 */
export async function reachDatabase(options: ReachOptions): Promise<ReachedDatabase> {
  const { databaseUrl, dataDir } = options
  if (databaseUrl !== undefined) return await reach({ connectionString: databaseUrl }, WAIT_MS)
  try {
    return await startStopped(options)
  } catch (thrown) {
    if (!(thrown instanceof GleanerError) || thrown.code !== 'ERROR_DATA_FOLDER_IN_USE') throw thrown
    return await reachRunning(path.resolve(dataDir), thrown)
  }
}

/** Starts the embedded server of a data folder that nobody uses; the folder is nobody else's until it is closed. */
export async function startStopped(options: ReachOptions): Promise<ReachedDatabase> {
  const { dataDir, databaseUser, log } = options
  assertDatabase(path.resolve(dataDir))
  const folder = await openDataFolder(dataDir, { lock: true })
  try {
    const server = await startEmbedded({
      dataDir: folder.path,
      log,
      ...(databaseUser && { user: databaseUser }),
    })
    const { connection, version } = server
    return { connection, version, close: () => server.stop().finally(() => folder.release()) }
  } catch (thrown) {
    folder.release()
    throw thrown
  }
}

/** A mistyped folder would otherwise be made, and its empty database be taken for the one that was meant. */
function assertDatabase(dataDir: string): void {
  if (existsSync(path.join(dataDir, DATABASE_FOLDER))) return
  throw new FailedPrecondition(
    'ERROR_DATABASE_MISSING',
    `there is no embedded database in ${dataDir}, or this user may not look there. Nothing was touched. Name the folder with GLEANER_DATA_DIR, or your own PostgreSQL with DATABASE_URL, as the server has them, and run this as the same user`,
  )
}

/** While it starts, or starts again after a fall, its address changes. */
async function reachRunning(dataDir: string, inUse: GleanerError): Promise<ReachedDatabase> {
  const deadline = performance.now() + WAIT_MS
  let reason: unknown = inUse
  while (performance.now() < deadline) {
    try {
      const connection = await findRunning(dataDir)
      if (connection !== undefined) return await reach(connection, 0)
    } catch (thrown) {
      if (!(thrown instanceof Unavailable)) throw unreadable(dataDir, thrown)
      reason = thrown
    }
    await sleep(200)
  }
  throw reason
}

function unreadable(dataDir: string, thrown: unknown): Error {
  if (thrown instanceof GleanerError) return thrown
  return new FailedPrecondition(
    'ERROR_DATA_FOLDER',
    `data folder ${dataDir} cannot be used: ${toError(thrown).message}. Nothing was touched. Run this as the user that runs Gleaner, or as root`,
    { cause: thrown },
  )
}

async function reach(connection: Connection, waitMs: number): Promise<ReachedDatabase> {
  const { version } = await waitForServer({ connection, waitMs })
  return { connection, version, close: async () => {} }
}
