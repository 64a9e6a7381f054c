import { readFileSync } from 'node:fs'
import path from 'node:path'

/** What a running server writes about itself into `postmaster.pid`. */
type PostmasterFile = {
  readonly pid: number
  readonly socketFolder: string
  readonly isReady: boolean
}

/**
 * Reads the file, which is there while a server runs and after one was killed; lines appear one by one at
 * start.
 */
export function readPostmasterFile(databaseFolder: string): PostmasterFile | undefined {
  let lines: string[]
  try {
    lines = readFileSync(path.join(databaseFolder, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0)) return undefined
  return { pid, socketFolder: lines[4] ?? '', isReady: lines[7]?.trim() === 'ready' }
}
