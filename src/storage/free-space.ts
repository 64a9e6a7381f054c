import { statfs } from 'node:fs/promises'
import { Unavailable } from '../core/errors.ts'

/** An empty database takes 40 MB, its log 128 MB more within the first minutes. */
const NEEDED_BYTES = 200 * 1024 * 1024

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

function toMegabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024)
}
