import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { FailedPrecondition } from '../../core/errors.ts'
import type { Connection } from '../connection.ts'
import { openDataFolder } from '../data-folder.ts'
import { prepareBinaries } from '../embedded/binaries.ts'
import { syncDatabaseFolder, syncFolder } from '../embedded/initialize.ts'
import { stopOrphans } from '../embedded/orphans.ts'
import { chooseRunAs } from '../embedded/run-as.ts'
import type { ServerSettings } from '../embedded/settings.ts'
import { DATABASE_FOLDER, startEmbedded } from '../embedded/start-embedded.ts'
import { UNFINISHED_FOLDER } from '../embedded/unfinished.ts'
import { waitForServer } from '../server-version.ts'
import type { ReachOptions } from './reach-database.ts'

/**
 * For a server that nobody uses yet: what it writes is written to the disk once, at the end, and a table that is filled in the
 * transaction that emptied it has no log.
 */
const SETTINGS: ServerSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  autovacuum: 'off',
  maintenance_work_mem: '256MB',
  max_wal_size: '8GB',
}

export type FillOptions = ReachOptions & {
  /** What may go wrong with the database that is given: it holds something. */
  readonly fill: (connection: Connection) => Promise<void>
}

/**
 * Gives `fill` an empty database, of which a server with these options then finds all that was filled in, or nothing. The embedded
 * one appears in its place when everything is on the disk; into one's own, `fill` has to write in one transaction.
 */
export async function fillDatabase({ fill, ...options }: FillOptions): Promise<void> {
  const { databaseUrl } = options
  if (databaseUrl === undefined) return await fillEmbedded(options, fill)
  const connection = { connectionString: databaseUrl }
  await waitForServer({ connection, waitMs: 10_000 })
  await fill(connection)
}

async function fillEmbedded(
  { dataDir, databaseUser, log }: ReachOptions,
  fill: FillOptions['fill'],
): Promise<void> {
  assertNoDatabase(path.resolve(dataDir))
  const folder = await openDataFolder(dataDir, { lock: true })
  const [draft, target] = [path.join(folder.path, UNFINISHED_FOLDER), path.join(folder.path, DATABASE_FOLDER)]
  try {
    assertNoDatabase(folder.path)
    await stopOrphans({ databaseFolder: draft, runAs: chooseRunAs(draft, databaseUser), log })
    await rm(draft, { recursive: true, force: true })
    const runAs = chooseRunAs(draft, databaseUser)
    const user = databaseUser === undefined ? {} : { user: databaseUser }
    const server = await startEmbedded({
      ...user,
      dataDir: folder.path,
      log,
      settings: SETTINGS,
      folderName: UNFINISHED_FOLDER,
    })
    try {
      await fill(server.connection)
    } finally {
      await server.stop()
    }
    const binaries = await prepareBinaries({ runAs, dataDir: folder.path, log })
    await syncDatabaseFolder(draft, { binaries, runAs })
    await rename(draft, target)
    await syncFolder(folder.path)
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true })
    throw thrown
  } finally {
    folder.release()
  }
}

function assertNoDatabase(dataDir: string): void {
  const folder = path.join(dataDir, DATABASE_FOLDER)
  if (!existsSync(folder)) return
  throw new FailedPrecondition(
    'ERROR_RESTORE_TARGET',
    `there is a database in ${folder} already. Nothing was touched. Restore into another data folder (GLEANER_DATA_DIR), or move that one away while Gleaner is stopped`,
  )
}
