import path from 'node:path'
import type { Connection } from '../storage/index.ts'
import { type Session, withSession } from '../storage/transfer/index.ts'
import { keysMissing, whileWriting } from './backup-errors.ts'
import { beginReading } from './begin-reading.ts'
import { writeChecksums, writeDurably } from './checksums.ts'
import { readSequences } from './contents.ts'
import { openDraft } from './draft-folder.ts'
import { dumpTables } from './dump-tables.ts'
import { FORMAT, fileOf, type Manifest } from './manifest.ts'
import type { OnProgress } from './progress.ts'

/** Master keys as they are kept with a backup. */
export type KeyCopy = {
  /** Where they are from, for messages. */
  readonly from: string
  /** The text of a key file. */
  readonly text: string
  readonly fingerprints: readonly string[]
}

export type BackUpOptions = {
  readonly connection: Connection
  /** PostgreSQL's version. */
  readonly postgres: string
  /** Where the backup appears when it is complete. */
  readonly folder: string
  /** Version of this Gleaner. */
  readonly gleaner: string
  /** To be kept with the backup. Whoever has it then can open every secret in it. */
  readonly masterKey?: KeyCopy | undefined
  /** Folder with the migrations. */
  readonly migrations: string
  readonly onProgress: OnProgress
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes a backup while the server goes on: all tables as they are at one instant, with what tells later whether it is whole. It
 * appears at once, or not at all.
 */
export async function backUp(options: BackUpOptions): Promise<Manifest> {
  const draft = await openDraft(options.folder)
  try {
    const manifest = await withSession(options, (session) => writeAll(session, draft.path, options))
    await draft.finish()
    return manifest
  } catch (thrown) {
    await draft.abandon()
    throw whileWriting(options.folder, thrown)
  }
}

async function writeAll(session: Session, folder: string, options: BackUpOptions): Promise<Manifest> {
  const { gleaner, postgres, masterKey, onProgress } = options
  const { own, applied } = await beginReading(session, options.migrations)
  const [at] = await session.query<{ takenAt: Date }>('select now() as taken_at')
  const masterKeys = await session.query<{ version: number; fingerprint: string }>(
    `select version, fingerprint from master_key where state <> 'RETIRED' order by version`,
  )
  if (masterKey !== undefined) assertOpens(masterKey, masterKeys)
  const dumped = await dumpTables(session, { own, folder, onProgress })
  const sequences = await readSequences(session, own)
  await session.query('commit')
  const manifest: Manifest = {
    format: FORMAT,
    gleaner,
    postgres,
    takenAt: (at?.takenAt ?? new Date(0)).toISOString(),
    migrations: [...applied],
    tables: dumped.map(({ sha256: _, ...table }) => table),
    sequences: [...sequences],
    masterKeys: [...masterKeys],
    hasMasterKey: masterKey !== undefined,
  }
  const sums = new Map(dumped.map((table) => [fileOf(table), table.sha256]))
  if (masterKey !== undefined)
    sums.set('master.key', await writeDurably(path.join(folder, 'master.key'), masterKey.text))
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  sums.set('manifest.json', await writeDurably(path.join(folder, 'manifest.json'), text))
  await writeChecksums(folder, sums)
  return manifest
}

/** Keys that open nothing would be missed when nobody has the right ones any more. */
function assertOpens(
  { from, fingerprints }: KeyCopy,
  needed: readonly Manifest['masterKeys'][number][],
): void {
  const missing = needed.filter(({ fingerprint }) => !fingerprints.includes(fingerprint))
  if (missing.length > 0 || fingerprints.length === 0) throw keysMissing(from, missing)
}
