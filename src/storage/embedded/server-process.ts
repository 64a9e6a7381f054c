import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import type { RunAs } from './run-as.ts'
import { startWatchdog } from './watchdog.ts'

type ServerProcessOptions = {
  readonly binaries: string
  readonly databaseFolder: string
  readonly socketFolder: string
  readonly args: readonly string[]
  readonly runAs: RunAs
  readonly logFd: number
  readonly log: Log
}

export type ServerExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type ServerProcess = {
  readonly pid: number
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<ServerExit>
  /** True once it accepts connections, false when it ended before. */
  waitUntilReady(): Promise<boolean>
  /** Fast shutdown; immediate after `graceMs`, killed after 5 s more. */
  stop(graceMs?: number): Promise<void>
}

/**
 * `-D` for a process whose working directory is the data folder: folders above it may be closed to its user.
 */
export const HERE = process.platform === 'linux' ? '/proc/self/cwd' : undefined

/** Nothing of ours is inherited: `PG…` variables would change what the server does. */
export const SERVER_ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

const RECOVERY_REPORT_MS = 10_000
const IMMEDIATE_GRACE_MS = 5_000

/**
 * Starts the server in a process group of its own: Ctrl-C in a terminal reaches the whole group of Gleaner,
 * and the database must outlive the work that is being finished then.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { binaries, databaseFolder, socketFolder, args, runAs, logFd, log } = options
  const child = spawn(path.join(binaries, 'bin', 'postgres'), ['-D', HERE ?? databaseFolder, ...args], {
    ...runAs,
    cwd: databaseFolder,
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', logFd, logFd],
    detached: true,
  })
  const exited = waitForExit(child)
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))])
  const pid = child.pid ?? 0
  const watchdog = startWatchdog({ pid, databaseFolder, socketFolder, runAs })
  exited.then(() => watchdog.stop())
  return {
    pid,
    exited,
    waitUntilReady: () => waitUntilReady({ child, pid, databaseFolder, log }),
    stop: (graceMs = 20_000) => stop(child, exited, graceMs, log),
  }
}

function waitForExit(child: ChildProcess): Promise<ServerExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

type ReadyOptions = { child: ChildProcess; pid: number; databaseFolder: string; log: Log }

/**
 * After a crash the server first replays its log; that takes what it takes, and is reported while it does.
 */
async function waitUntilReady({ child, pid, databaseFolder, log }: ReadyOptions): Promise<boolean> {
  const startedAt = performance.now()
  let reportAt = RECOVERY_REPORT_MS
  while (child.exitCode === null && child.signalCode === null) {
    const file = readPostmasterFile(databaseFolder)
    if (file?.pid === pid && file.isReady) return true
    const waitedMs = performance.now() - startedAt
    if (waitedMs > reportAt) {
      reportAt += RECOVERY_REPORT_MS
      log.info({ seconds: Math.round(waitedMs / 1000) }, 'the database is recovering; waiting for it')
    }
    await sleep(10)
  }
  return false
}

async function stop(
  child: ChildProcess,
  exited: Promise<ServerExit>,
  graceMs: number,
  log: Log,
): Promise<void> {
  child.kill('SIGINT')
  if (await endsWithin(exited, graceMs)) return
  log.warn(
    { pid: child.pid },
    'the database did not shut down in time; stopping it at once, it recovers at the next start',
  )
  child.kill('SIGQUIT')
  if (await endsWithin(exited, IMMEDIATE_GRACE_MS)) return
  child.kill('SIGKILL')
  await exited
}

async function endsWithin(exited: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timer = new AbortController()
  const late = sleep(limitMs, false, { signal: timer.signal }).catch(() => false)
  const isEnded = await Promise.race([exited.then(() => true), late])
  timer.abort()
  return isEnded
}
