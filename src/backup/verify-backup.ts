import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { toError } from '../core/errors.ts'
import { damaged } from './backup-errors.ts'
import { assertSame, readChecksums } from './checksums.ts'
import { fileOf, type Manifest, parseManifest } from './manifest.ts'
import { createMeter, type OnProgress } from './progress.ts'
import { RowDigest } from './row-digest.ts'
import { readTableFile } from './table-file.ts'

/**
 * What a backup says that it holds, after each of its files was found as it was written. Throws when one was not, and the reason of the
 * signal when that ends it.
 */
export async function openBackup(folder: string, signal?: AbortSignal): Promise<Manifest> {
  const sums = await readChecksums(folder)
  const as = { sums, signal }
  await assertSame(folder, 'manifest.json', as)
  const manifest = parseManifest(await readFile(path.join(folder, 'manifest.json'), 'utf8'), folder)
  for (const table of manifest.tables) await assertSame(folder, fileOf(table), as)
  if (manifest.hasMasterKey) await assertSame(folder, 'master.key', as)
  return manifest
}

/** The same, and reads every row as a restore would. */
export async function verifyBackup(
  folder: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<Manifest> {
  const manifest = await openBackup(folder, signal)
  const meter = createMeter(manifest.tables, onProgress)
  for (const table of manifest.tables) {
    const tell = meter.begin(table.name)
    const digest = new RowDigest()
    for await (const piece of readRows(folder, table)) {
      signal?.throwIfAborted()
      digest.update(piece)
      tell(digest.rows / (table.rows || 1))
    }
    assertRows(folder, table, digest)
  }
  return manifest
}

/** The rows of a table of a backup. */
export async function* readRows(
  folder: string,
  table: { readonly name: string },
): AsyncGenerator<Buffer, void> {
  try {
    yield* readTableFile(path.join(folder, fileOf(table)))
  } catch (thrown) {
    throw damaged(folder, `${fileOf(table)} cannot be read: ${toError(thrown).message}`, thrown)
  }
}

function assertRows(folder: string, table: Manifest['tables'][number], found: RowDigest): void {
  if (found.rows === table.rows && digestOf(folder, table.name, found) === table.digest) return
  throw damaged(
    folder,
    `${fileOf(table)} has ${found.rows} rows that are not the ${table.rows} that were written`,
  )
}

function digestOf(folder: string, name: string, found: RowDigest): string {
  try {
    return found.digest()
  } catch (thrown) {
    throw damaged(folder, `${name}: ${toError(thrown).message}`, thrown)
  }
}
