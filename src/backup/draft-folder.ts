import { chmod, lstat, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { toError } from '../core/errors.ts'
import { lockFolder } from '../storage/index.ts'
import { folderUnusable } from './backup-errors.ts'

/** The folder in which a backup is made. */
export type Draft = {
  readonly path: string
  /** Everything is on the disk: the folder appears under its name. */
  finish(): Promise<void>
  /** Removes what there is of it. */
  abandon(): Promise<void>
}

const SUFFIX = '.partial'
const LOCK_FILES = ['lock', 'lock-journal', 'lock-owner']
/** What a draft that somebody left may hold; nothing else is ever removed. */
const OURS = ['tables', 'manifest.json', 'master.key', 'SHA256SUMS', ...LOCK_FILES]

/**
 * Makes a folder beside the one that is meant, closed to everybody else, and locks it for as long as this process lives. One that an
 * interrupted backup has left is emptied.
 */
export async function openDraft(folder: string): Promise<Draft> {
  const [target, draft] = [path.resolve(folder), path.resolve(folder) + SUFFIX]
  await assertFree(target)
  let unlock: () => void
  try {
    // Now, and not when everything is written: a disk that is mounted there cannot be replaced by a folder.
    await rmdir(target).catch((thrown: unknown) => {
      if (!hasCode(thrown, 'ENOENT')) throw thrown
    })
    await mkdir(draft, { mode: 0o700 }).catch(async (thrown: unknown) => {
      if (!hasCode(thrown, 'EEXIST')) throw thrown
      await assertLeftBehind(draft)
    })
    unlock = lockFolder(draft)
    for (const name of OURS.filter((each) => !LOCK_FILES.includes(each)))
      await rm(path.join(draft, name), { recursive: true, force: true })
    await mkdir(path.join(draft, 'tables'), { mode: 0o700 })
  } catch (thrown) {
    throw folderUnusable(folder, reasonOf(thrown, draft), thrown)
  }
  return {
    path: draft,
    async finish() {
      unlock()
      for (const name of LOCK_FILES) await rm(path.join(draft, name), { force: true })
      for (const each of [path.join(draft, 'tables'), draft]) await syncFolder(each)
      await rename(draft, target)
      await syncFolder(path.dirname(target))
    },
    async abandon() {
      unlock()
      await rm(draft, { recursive: true, force: true })
    },
  }
}

/** A parent that is missing is an unmounted disk more often than a wish for a new folder. */
async function assertFree(target: string): Promise<void> {
  const parent = await stat(path.dirname(target)).catch(() => undefined)
  if (parent?.isDirectory() !== true)
    throw folderUnusable(target, `the folder ${path.dirname(target)} is not there`)
  const found = await lstat(target).catch(() => undefined)
  if (found === undefined) return
  if (found.isSymbolicLink()) throw folderUnusable(target, 'it is a link')
  if (!found.isDirectory()) throw folderUnusable(target, 'it is a file')
  const [first] = await readdir(target)
  if (first !== undefined) throw folderUnusable(target, `it holds '${first}' already`)
}

function reasonOf(thrown: unknown, draft: string): string {
  const { message } = toError(thrown)
  return /in use by process/.test(message) ? `another backup is being written to ${draft}` : message
}

/** Somebody else could have made it, to read or to change what is written there. */
async function assertLeftBehind(draft: string): Promise<void> {
  const found = await lstat(draft)
  if (!found.isDirectory()) throw new Error(`${draft} is there and is no folder`)
  if (found.uid !== process.getuid?.()) throw new Error(`${draft} is there and belongs to another user`)
  const strange = (await readdir(draft)).find((name) => !OURS.includes(name))
  if (strange !== undefined)
    throw new Error(`${draft} is there and holds '${strange}', which is none of ours`)
  await chmod(draft, 0o700)
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
