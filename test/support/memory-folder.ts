import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './processes.ts'

const MEMORY = '/dev/shm'
const NAME = 'gleaner-test-'
/** A whole run holds less than a quarter of it at a time. */
const NEEDED_BYTES = 4 * 1024 ** 3

/**
 * The folder for temporary files of this run, in memory where there is enough of it, and undefined elsewhere or where TMPDIR says what
 * to use. A database is 557 files, and to clone and remove it costs 0.3 s of processor time on ext4, nearly all of it in the file system.
 */
export function memoryFolder(): string | undefined {
  if (process.env.TMPDIR || process.platform !== 'linux' || !isRoomy()) return undefined
  return join(MEMORY, `${NAME}${process.pid}`)
}

/** Makes it as /tmp is, and removes those of runs that were killed. */
export function makeMemoryFolder(folder: string): void {
  for (const name of readdirSync(MEMORY)) {
    const pid = name.startsWith(NAME) ? Number(name.slice(NAME.length)) : Number.NaN
    const path = join(MEMORY, name)
    if (pid > 0 && pid !== process.pid && !isAlive(pid) && mayRemove(path))
      rmSync(path, { recursive: true, force: true })
  }
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o1777)
}

/** What another user left is for them to remove. */
function mayRemove(path: string): boolean {
  const uid = process.getuid?.()
  return uid === 0 || lstatSync(path, { throwIfNoEntry: false })?.uid === uid
}

// Programs are run from there, too. A container has 64 MB unless told otherwise.
function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    const mount = new RegExp(`^\\S+ ${MEMORY} tmpfs (\\S+) `, 'm').exec(readFileSync('/proc/mounts', 'utf8'))
    if (mount === null || mount[1]?.split(',').includes('noexec')) return false
    // Files there count as memory of the container, which may have a limit.
    return Math.min(bavail * bsize, process.availableMemory()) >= NEEDED_BYTES
  } catch {
    return false
  }
}
