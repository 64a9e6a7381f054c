import { FailedPrecondition } from '../core/errors.ts'
import { type Log, readMigrations } from '../storage/index.ts'
import { fillDatabase, type ReachOptions, type Session } from '../storage/transfer/index.ts'
import { backupTooNew, damaged } from './backup-errors.ts'
import { assertSameTables, fillEmpty } from './empty-target.ts'
import { loadTables } from './load-tables.ts'
import type { Manifest } from './manifest.ts'
import type { OnProgress } from './progress.ts'
import { openBackup, readRows } from './verify-backup.ts'

export type RestoreOptions = ReachOptions & {
  /** The backup. */
  readonly folder: string
  /** Folder with the migrations. */
  readonly migrations: string
  readonly log: Log
  /** Fingerprint of the master key that secrets are sealed under from now on, where those of the backup are lost. */
  readonly newMasterKey?: string | undefined
  readonly onProgress: OnProgress
  readonly signal?: AbortSignal | undefined
}

/**
 * Restores a backup into an empty database: all of it, compared with what was read when it was made, or nothing. A backup of an older
 * release is restored as it was; the next start migrates it.
 */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { folder } = options
  const manifest = await openBackup(folder, options.signal)
  await assertKnown(manifest, options)
  if (manifest.masterKeys.some(({ fingerprint }) => fingerprint === options.newMasterKey)) throw keyNotLost()
  await fillDatabase({
    ...options,
    fill: (connection) =>
      fillEmpty({ ...options, connection, applied: manifest.migrations }, async (session, tables) => {
        assertSameTables(tables, manifest.tables)
        await load(session, manifest, options)
      }),
  })
  return manifest
}

async function load(session: Session, manifest: Manifest, options: RestoreOptions): Promise<void> {
  const { folder, newMasterKey, onProgress } = options
  await loadTables(session, {
    tables: manifest.tables,
    open: (table) => readRows(folder, table),
    check: (table, came) => {
      const told = manifest.tables.find(({ name }) => name === table.name)
      if (came.rows !== told?.rows || came.digest() !== told.digest)
        throw damaged(folder, `${table.name} has other rows than were written`)
    },
    sequences: async () => manifest.sequences,
    amend: async () => {
      await leaveLostTime(session)
      if (newMasterKey !== undefined) await session.query(REPLACE_MASTER_KEY, [newMasterKey])
    },
    onProgress,
  })
}

/** The tables that are filled are made by the migrations that the backup has gone through. */
async function assertKnown(manifest: Manifest, { folder, migrations }: RestoreOptions): Promise<void> {
  const known = await readMigrations(migrations)
  for (const { version, checksum, name } of manifest.migrations) {
    const migration = known.find((one) => one.version === version)
    if (migration === undefined) throw backupTooNew(folder, manifest.gleaner)
    if (migration.checksum !== checksum)
      throw damaged(folder, `its migration ${version} ${name} is another one than that of this release`)
  }
}

function keyNotLost(): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_MASTER_KEY',
    'the master key that is there is the one of the backup, so it is not lost. Nothing was restored. Restore without --new-master-key',
  )
}

/** More than can have happened between a backup and what it is needed for. */
const LOST_EVENTS = 1_000_000_000
const LOST_RESOURCES = 2 ** 32

/**
 * What happened after the backup is unknown here, and others may know of it. Events get places that were never given out, so that every
 * reader with an old one hears `resync`; new resources get numbers that nobody can have seen.
 */
async function leaveLostTime(session: Session): Promise<void> {
  await session.query(`update event set position = position + ${LOST_EVENTS} where position is not null`)
  await session.query(
    `update event_head set last_position = last_position + ${LOST_EVENTS}, removed_position = removed_position + ${LOST_EVENTS}`,
  )
  await session.query(`update webhook set position = position + ${LOST_EVENTS}`)
  await session.query(`select setval('resource_number', nextval('resource_number') + ${LOST_RESOURCES})`)
}

/** What is sealed under the others stays sealed for ever; what is stored from now on is not. */
const REPLACE_MASTER_KEY = `
with lost as (
  update master_key set state = 'RETIRED', retired_at = coalesce(retired_at, now()) returning version
)
insert into master_key (version, fingerprint, state, created_at)
select coalesce(max(version), 0) + 1, $1, 'CURRENT', clock_timestamp() from lost`
