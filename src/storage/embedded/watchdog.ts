import { spawn } from 'node:child_process'
import type { RunAs } from './run-as.ts'

/**
 * Reads until its input ends, which happens exactly when the process at the other end is gone. Then it asks
 * the server to shut down, if `postmaster.pid` (here) still says that it is this one, and removes the socket
 * folder after it.
 */
const SCRIPT = `
read -r _
read -r pid < postmaster.pid && [ "$pid" = "$1" ] || exit
kill -INT "$1"
while kill -0 "$1" 2>&-; do sleep 0.2; done
rmdir "$2"
`

type WatchdogOptions = {
  readonly pid: number
  readonly databaseFolder: string
  readonly socketFolder: string
  readonly runAs: RunAs
}

/**
 * Lets no database outlive a Gleaner that was killed: a shell of a few hundred kilobytes holds the other end
 * of a pipe to us. The next start would find and stop the orphan too, but there may be no next start.
 */
export function startWatchdog({ pid, databaseFolder, socketFolder, runAs }: WatchdogOptions): {
  stop(): void
} {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'gleaner-database-watchdog', String(pid), socketFolder], {
    ...runAs,
    cwd: databaseFolder,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  return {
    stop() {
      child.kill('SIGKILL')
    },
  }
}
