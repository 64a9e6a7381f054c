import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Arena } from './arena.ts'
import { countOf, type Faults, noFaults, type Victim } from './faults.ts'
import type { Processes, Role, RoleProcess } from './processes.ts'
import { seededRandom } from './random.ts'

export type Torment = {
  readonly seed: number
  /** Mean pause between two faults. */
  readonly everyMs: number
  /** How long a frozen process stays so. */
  readonly freezeMs: number
  /** After so many it rests. */
  readonly mostFaults: number
}

/**
 * Shares of the faults, in the order in which they are drawn from. A plugin is the child of the worker that
 * is drawn.
 */
const SHARES: readonly (readonly ['kill' | 'freeze', Victim, number])[] = [
  ['kill', 'worker', 0.22],
  ['kill', 'plugin', 0.32],
  ['kill', 'scheduler', 0.07],
  ['kill', 'api', 0.07],
  ['kill', 'backend', 0.02],
  ['kill', 'database', 0.02],
  ['freeze', 'worker', 0.14],
  ['freeze', 'plugin', 0.07],
  ['freeze', 'scheduler', 0.04],
  ['freeze', 'api', 0.03],
]

/** The database's supervisor gives up after five falls a minute, as it should. */
const DATABASE_PAUSE_MS = 20_000

/** Kills and freezes what it finds, at seeded random moments, until it is told to stop. */
export function torment(
  arena: Arena,
  processes: Processes,
  { seed, everyMs, freezeMs, mostFaults }: Torment,
) {
  const random = seededRandom(seed)
  const faults = noFaults()
  const thaws = new Set<Promise<void>>()
  const stopped = new AbortController()
  let databaseAt = Number.NEGATIVE_INFINITY

  async function run(): Promise<void> {
    while (!stopped.signal.aborted && countOf(faults.kills) + countOf(faults.freezes) < mostFaults) {
      await pause(-Math.log(1 - random()) * everyMs, undefined, { signal: stopped.signal }).catch(() => {})
      if (stopped.signal.aborted) return
      // Drawn even when there is nobody to hit, so that the sequence is the seed's.
      const [share, place] = [random(), random()]
      const [how, victim] = draw(share)
      strike(how, victim, place)
    }
  }

  function strike(how: 'kill' | 'freeze', victim: Victim, place: number): void {
    if (victim === 'backend' || victim === 'database') {
      killDatabase(victim)
      return
    }
    const role: Role = victim === 'plugin' ? 'worker' : victim
    const ready = processes.ready(role)
    const struck = ready[Math.floor(place * ready.length)]
    if (struck === undefined) return
    const pid = victim === 'plugin' ? childOf(struck.pid) : struck.pid
    if (how === 'kill') kill(victim, pid)
    else freeze(victim, pid, victim === 'plugin' ? undefined : struck)
  }

  function kill(victim: Victim, pid: number | undefined): void {
    if (pid !== undefined && send(pid, 'SIGKILL')) faults.kills[victim]++
  }

  /**
   * Killing one backend makes the server end all of them and recover; killing its first process makes it
   * fall.
   */
  function killDatabase(victim: 'backend' | 'database'): void {
    if (performance.now() - databaseAt < DATABASE_PAUSE_MS) return
    databaseAt = performance.now()
    kill(victim, victim === 'database' ? arena.postmaster() : childOf(arena.postmaster(), 'gleaner'))
  }

  function freeze(victim: Victim, pid: number | undefined, struck: RoleProcess | undefined): void {
    if (pid === undefined || !send(pid, 'SIGSTOP')) return
    faults.freezes[victim]++
    if (struck !== undefined) struck.isFrozen = true
    const thaw = pause(freezeMs).then(() => {
      send(pid, 'SIGCONT')
      if (struck !== undefined) struck.isFrozen = false
      thaws.delete(thaw)
    })
    thaws.add(thaw)
  }

  const running = run()
  return {
    /** What it has done so far. */
    faults,
    async stop(): Promise<Faults> {
      stopped.abort()
      await running
      await Promise.all(thaws)
      return faults
    },
  }
}

function draw(share: number): readonly ['kill' | 'freeze', Victim] {
  let left = share
  for (const [how, victim, size] of SHARES) {
    if (left < size) return [how, victim]
    left -= size
  }
  return ['kill', 'plugin']
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
