import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { toError } from '../core/errors.ts'
import { damaged } from './backup-errors.ts'

/** Written last: a folder without it is no backup. `sha256sum -c` reads it, too. */
const FILE = 'SHA256SUMS'
const LINE = /^([0-9a-f]{64}) {2}(manifest\.json|master\.key|tables\/[a-z_][a-z0-9_]*\.copy\.zst)$/

/** SHA-256 of files in hex, by their names in the folder. */
export type Checksums = ReadonlyMap<string, string>

export async function writeChecksums(folder: string, sums: Checksums): Promise<void> {
  const lines = [...sums].map(([name, sum]) => `${sum}  ${name}\n`)
  await writeDurably(path.join(folder, FILE), lines.join(''))
}

/** Which files a backup has; throws when it says nothing of them. */
export async function readChecksums(folder: string): Promise<Checksums> {
  const text = await readFile(path.join(folder, FILE), 'utf8').catch((thrown: unknown) => {
    throw damaged(
      folder,
      `${FILE} cannot be read (${toError(thrown).message}), so that it was interrupted or is none`,
    )
  })
  const sums = new Map<string, string>()
  for (const line of text.trimEnd().split('\n')) {
    const [, sum, name] = LINE.exec(line) ?? []
    if (sum === undefined || name === undefined)
      throw damaged(folder, `a line of ${FILE} is none: '${line.slice(0, 100)}'`)
    sums.set(name, sum)
  }
  return sums
}

/** Reads a file from its beginning to its end and throws unless it is what was written. Returns its size. */
export async function assertSame(
  folder: string,
  name: string,
  { sums, signal }: { readonly sums: Checksums; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const expected = sums.get(name)
  if (expected === undefined) throw damaged(folder, `${FILE} does not name ${name}`)
  const sum = createHash('sha256')
  let bytes = 0
  try {
    const file = createReadStream(path.join(folder, name), { highWaterMark: 1024 * 1024, signal })
    for await (const chunk of file) {
      sum.update(chunk)
      bytes += chunk.length
    }
  } catch (thrown) {
    signal?.throwIfAborted()
    throw damaged(folder, `${name} cannot be read: ${toError(thrown).message}`, thrown)
  }
  if (sum.digest('hex') !== expected)
    throw damaged(folder, `${name} is not what was written (its SHA-256 is another one)`)
  return bytes
}

/** Writes a file that only its owner may read, returns its SHA-256 when the disk has it. */
export async function writeDurably(file: string, text: string): Promise<string> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return createHash('sha256').update(text).digest('hex')
}
