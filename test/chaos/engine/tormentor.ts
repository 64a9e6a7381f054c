import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Arena } from './arena.ts'
import { seededRandom } from './random.ts'
import type { WorkerProcess, Workers } from './workers.ts'

export type Torment = {
  readonly seed: number
  /** Mean pause between two faults. */
  readonly everyMs: number
  /** How long a frozen process stays so. */
  readonly freezeMs: number
}

export type Faults = {
  workerKills: number
  pluginKills: number
  backendKills: number
  databaseKills: number
  workerFreezes: number
  pluginFreezes: number
}

/** The database's supervisor gives up after five falls a minute, as it should. */
const DATABASE_PAUSE_MS = 20_000

/** Kills and freezes what it finds, at seeded random moments, until it is told to stop. */
export function torment(arena: Arena, workers: Workers, { seed, everyMs, freezeMs }: Torment) {
  const random = seededRandom(seed)
  const faults: Faults = {
    workerKills: 0,
    pluginKills: 0,
    backendKills: 0,
    databaseKills: 0,
    workerFreezes: 0,
    pluginFreezes: 0,
  }
  const thaws = new Set<Promise<void>>()
  const stopped = new AbortController()
  let databaseAt = 0

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await pause(-Math.log(1 - random()) * everyMs, undefined, { signal: stopped.signal }).catch(() => {})
      if (stopped.signal.aborted) return
      // Drawn even when there is nobody to hit, so that the sequence is the seed's.
      const [kind, which] = [random(), random()]
      const ready = workers.ready()
      const victim = ready[Math.floor(which * ready.length)]
      if (victim !== undefined) strike(kind, victim)
    }
  }

  function strike(kind: number, worker: WorkerProcess): void {
    if (kind < 0.35) hit('workerKills', worker.pid, 'SIGKILL')
    else if (kind < 0.62) hit('pluginKills', childOf(worker.pid), 'SIGKILL')
    else if (kind < 0.68) killDatabase(kind < 0.65)
    else if (kind < 0.9) freeze(worker, worker.pid)
    else freeze(undefined, childOf(worker.pid))
  }

  function hit(fault: keyof Faults, pid: number | undefined, signal: NodeJS.Signals): void {
    if (pid !== undefined && send(pid, signal)) faults[fault]++
  }

  /** Killing one backend makes the server end all of them and recover; killing its first process makes it fall. */
  function killDatabase(isWhole: boolean): void {
    if (performance.now() - databaseAt < DATABASE_PAUSE_MS) return
    databaseAt = performance.now()
    if (isWhole) hit('databaseKills', arena.postmaster(), 'SIGKILL')
    else hit('backendKills', childOf(arena.postmaster(), 'gleaner'), 'SIGKILL')
  }

  function freeze(worker: WorkerProcess | undefined, pid: number | undefined): void {
    if (pid === undefined || !send(pid, 'SIGSTOP')) return
    faults[worker === undefined ? 'pluginFreezes' : 'workerFreezes']++
    if (worker !== undefined) worker.isFrozen = true
    const thaw = pause(freezeMs).then(() => {
      send(pid, 'SIGCONT')
      if (worker !== undefined) worker.isFrozen = false
      thaws.delete(thaw)
    })
    thaws.add(thaw)
  }

  const running = run()
  return {
    faults,
    async stop(): Promise<Faults> {
      stopped.abort()
      await running
      await Promise.all(thaws)
      return faults
    },
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

/** The last child of a process, by /proc, whose command line has this word if one is given. */
function childOf(pid: number, word = ''): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    return children
      .map(Number)
      .filter((child) => child > 0 && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(word))
      .at(-1)
  } catch {
    return undefined
  }
}
