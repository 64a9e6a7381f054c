import { spawn } from 'node:child_process'
import type { RunAs } from './run-as.ts'

/**
 * Reads until its input ends, which happens exactly when the process at the other end is gone, and then asks the
 * server to shut down, if `postmaster.pid` (here) still says that it is this one.
 */
const SCRIPT = `read -r _; read -r pid < postmaster.pid && [ "$pid" = "$1" ] && kill -INT "$1"`

/**
 * Lets no database outlive a Gleaner that was killed: a shell of a few hundred kilobytes holds the other end of a
 * pipe to us. The next start would find and stop the orphan too, but there may be no next start.
 */
export function startWatchdog(pid: number, databaseFolder: string, runAs: RunAs): { stop(): void } {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'gleaner-database-watchdog', String(pid)], {
    ...runAs,
    cwd: databaseFolder,
    env: {},
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
