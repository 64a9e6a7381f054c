import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FailedPrecondition } from '../../core/errors.ts'
import type { Log } from '../log.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { COMMAND_WITHIN_MS, type RunAs } from './run-as.ts'
import { removeSocketFolder } from './socket-folder.ts'

type OrphanOptions = {
  readonly databaseFolder: string
  readonly runAs: RunAs
  readonly log: Log
  /** A socket folder that is used again and must stay. */
  readonly keepFolder?: string
}

const PROGRAMS = new Set(['postgres', 'initdb'])

/** Fast shutdown, immediate shutdown, and what is left: each with the time it gets, milliseconds. */
const STEPS = [
  { signal: 'SIGINT', graceMs: 15_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const

/**
 * Ends the database processes that a killed Gleaner left on this folder; the caller holds the folder's lock,
 * so that none of them can belong to anybody. Two servers on one folder would destroy it.
 */
export async function stopOrphans({ databaseFolder, runAs, log, keepFolder }: OrphanOptions): Promise<void> {
  const left = readPostmasterFile(databaseFolder)
  const find = () =>
    [databaseFolder, `${databaseFolder}.new`].flatMap((folder) => findServerProcesses(folder, runAs))
  for (const { signal, graceMs } of STEPS) {
    const pids = find()
    if (pids.length === 0) break
    const isServerLeft = left !== undefined && pids.includes(left.pid)
    const targets = isServerLeft && signal !== 'SIGKILL' ? [left.pid] : pids
    log.warn({ pids: targets, signal }, 'a database process of an earlier run is still there; stopping it')
    for (const pid of targets) signalQuietly(pid, signal)
    await waitUntil(() => find().length === 0, graceMs)
  }
  const survivors = find()
  if (survivors.length > 0) {
    throw new FailedPrecondition(
      'ERROR_DATA_FOLDER_IN_USE',
      `database processes ${survivors.join(', ')} of an earlier run still use ${databaseFolder} and do not end, even when killed (a hanging disk?). Data is unharmed. End them or restart the machine, then start again`,
    )
  }
  if (left && isAnotherProcess(left.pid, databaseFolder, runAs))
    rmSync(path.join(databaseFolder, 'postmaster.pid'), { force: true })
  if (left && left.socketFolder !== keepFolder) await removeSocketFolder(left.socketFolder)
}

/**
 * Processes that run one of PostgreSQL's programs with our folder as working directory. That is stronger than
 * the number in `postmaster.pid`, which may have passed to another program since, and it finds a dead
 * server's children.
 */
function findServerProcesses(databaseFolder: string, runAs: RunAs): number[] {
  if (!existsSync(databaseFolder)) return []
  if (process.platform !== 'linux') return findByProcessList(databaseFolder)
  const folder = realpathSync(databaseFolder)
  const uid = runAs?.uid ?? process.getuid?.()
  const candidates = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && ownerOf(name) === uid)
  return candidates
    .filter((pid) => {
      const program = path.basename(readProcessLink(pid, 'exe', runAs)).replace(/ \(deleted\)$/, '')
      return PROGRAMS.has(program) && readProcessLink(pid, 'cwd', runAs) === folder
    })
    .map(Number)
}

/**
 * True when the number in `postmaster.pid` is taken, but certainly not by our server: a program of somebody
 * else, or a dead server that nobody has buried yet. PostgreSQL would refuse to start because of it. Where we
 * cannot tell, it decides.
 */
function isAnotherProcess(pid: number, databaseFolder: string, runAs: RunAs): boolean {
  if (process.platform !== 'linux' || !existsSync(`/proc/${pid}`)) return false
  if (isZombie(pid)) return true
  const [program, folder] = [
    readProcessLink(String(pid), 'exe', runAs),
    readProcessLink(String(pid), 'cwd', runAs),
  ]
  if (program === '' || folder === '') return false
  return path.basename(program) !== 'postgres' || folder !== realpathSync(databaseFolder)
}

/** The state stands behind the program's name, which is in parentheses and may contain anything. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function ownerOf(pid: string): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
}

/** In a container, root may not look into other users' processes; the user itself may. */
function readProcessLink(pid: string, name: 'exe' | 'cwd', runAs: RunAs): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`)
  } catch (thrown) {
    const isForbidden = thrown instanceof Error && 'code' in thrown && thrown.code === 'EACCES'
    if (!isForbidden || !runAs) return ''
    return spawnSync('readlink', [`/proc/${pid}/${name}`], {
      ...runAs,
      cwd: '/',
      encoding: 'utf8',
      timeout: COMMAND_WITHIN_MS,
    }).stdout.trim()
  }
}

/**
 * Without /proc: the process that `postmaster.pid` names, if its command line is that of a server on this
 * folder.
 */
function findByProcessList(databaseFolder: string): number[] {
  const left = readPostmasterFile(databaseFolder)
  if (!left) return []
  const { stdout } = spawnSync('ps', ['-p', String(left.pid), '-o', 'command='], {
    encoding: 'utf8',
    timeout: COMMAND_WITHIN_MS,
  })
  return stdout.includes('postgres') && stdout.includes(databaseFolder) ? [left.pid] : []
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself in the meantime.
  }
}

async function waitUntil(isDone: () => boolean, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!isDone() && performance.now() < deadline) await sleep(20)
}
