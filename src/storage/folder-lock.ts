import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FailedPrecondition, toError } from '../core/errors.ts'

/**
 * Two that take the lock in the same instant are in each other's way for a moment; one of them then gets it.
 */
const CONTENTION_MS = 500

/**
 * Locks the folder for this process and returns the function that unlocks it.
 *
 * The lock is the kernel's: SQLite is the one part of Node that can lock a file, and its exclusive
 * transaction holds it. The kernel lets go when the process ends, however it ends, so that no lock is ever
 * stale and nobody has to judge whether a process number still means the process that wrote it (it does not
 * across restarts and containers). The file beside it only tells people who holds the lock.
 */
export function lockFolder(folder: string): () => void {
  const ownerFile = path.join(folder, 'lock-owner')
  const lock = openLockFile(path.join(folder, 'lock'))
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (thrown) {
    lock.close()
    throw lockFailure(folder, ownerFile, thrown)
  }
  rmSync(ownerFile, { force: true })
  writeFileSync(ownerFile, `${process.pid} ${new Date().toISOString()}\n`, { mode: 0o600 })
  return () => {
    if (!lock.isOpen) return
    rmSync(ownerFile, { force: true })
    lock.close()
  }
}

function openLockFile(file: string): DatabaseSync {
  writeFileSync(file, '', { flag: 'a', mode: 0o600 })
  return new DatabaseSync(file, { timeout: CONTENTION_MS })
}

function lockFailure(folder: string, ownerFile: string, thrown: unknown): Error {
  const { message } = toError(thrown)
  if (/locked|busy/i.test(message)) {
    const [pid, since] = readOwner(ownerFile)
    return new FailedPrecondition(
      'ERROR_DATA_FOLDER_IN_USE',
      `data folder ${folder} is in use by process ${pid ?? '(unknown)'}${since ? ` since ${since}` : ''}. Nothing was touched. Stop that Gleaner, or give this one a folder of its own with GLEANER_DATA_DIR`,
    )
  }
  return new FailedPrecondition(
    'ERROR_DATA_FOLDER_LOCK',
    `data folder ${folder} cannot be locked: ${message}. Nothing was touched. Put it on a local disk (some network file systems have no locks)`,
    { cause: thrown },
  )
}

function readOwner(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split(' ')
  } catch {
    return []
  }
}
