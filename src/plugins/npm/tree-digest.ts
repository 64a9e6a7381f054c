import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** npm's own note of what it installed; it holds times and says nothing that the files do not. */
const IGNORED = 'node_modules/.package-lock.json'

/**
 * One digest over the path and content of every file of a folder: another file, or another byte in one, is
 * another digest.
 */
export async function digestTree(folder: string): Promise<string> {
  const total = createHash('sha256')
  for (const entry of await listEntries(folder)) {
    total.update(JSON.stringify([entry.path, entry.isLink ? 'link' : 'file']))
    total.update(
      entry.isLink ? await readlink(join(folder, entry.path)) : await digestFile(join(folder, entry.path)),
    )
  }
  return total.digest('hex')
}

type Entry = { readonly path: string; readonly isLink: boolean }

async function listEntries(folder: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name))
    if (!entry.isDirectory() && path !== IGNORED) entries.push({ path, isLink: entry.isSymbolicLink() })
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
