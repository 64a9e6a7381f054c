import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { Unavailable } from '../core/errors.ts'

/**
 * An empty database takes 40 MB, its log 128 MB more within the first minutes, and some must be left for
 * whatever comes.
 */
const NEEDED_BYTES = 256 * 1024 * 1024

/** Refuses to begin what a full disk would interrupt half-way. */
export async function assertFreeSpace(folder: string, neededBytes = NEEDED_BYTES): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  if (freeBytes >= neededBytes) return
  throw new Unavailable(
    'ERROR_DISK_FULL',
    `the disk of ${folder} has ${toMegabytes(freeBytes)} MB free, a new database needs ${toMegabytes(neededBytes)} MB. Nothing was written. Free some space, or choose another place with GLEANER_DATA_DIR`,
  )
}

/** What is free for the files of a server, and for its log, which some give a disk of its own: the less, bytes; undefined where nobody can tell. */
export async function readFreeBytes(databaseFolder: string): Promise<number | undefined> {
  const paths = [databaseFolder, path.join(databaseFolder, 'pg_wal')]
  const answers = await Promise.allSettled(paths.map((each) => statfs(each)))
  const free = answers
    .filter((answer) => answer.status === 'fulfilled')
    .map(({ value }) => value.bavail * value.bsize)
  return free.length === 0 ? undefined : Math.min(...free)
}

export function toMegabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024)
}
