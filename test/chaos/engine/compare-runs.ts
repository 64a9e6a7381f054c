import { setTimeout as pause } from 'node:timers/promises'
import { openArena } from './arena.ts'
import { addUp, countOf, type Faults } from './faults.ts'
import { differences, fingerprint, readTables, type TableRows } from './fingerprint.ts'
import { type Crew, keepProcesses } from './processes.ts'
import { torment } from './tormentor.ts'
import { watchCounters } from './watch-counters.ts'
import { countLostTokenWrites } from './watch-tokens.ts'
import { givenWorkload, type WorkloadSize } from './workload.ts'

export type ChaosPlan = {
  readonly seed: number
  readonly size: WorkloadSize
  readonly crew: Omit<Crew, 'settings'>
  readonly leaseMs: number
  readonly everyMs: number
  /**
   * Faults of a round; then it comes to its end undisturbed, however slow the machine is. Default: any
   * number.
   */
  readonly mostFaults?: number
  /** Rounds of jobs go on until there were this many. */
  readonly kills: number
  readonly freezes: number
  /**
   * Rounds at least: the second changes what the first has found, the fourth misses something for the third
   * time.
   */
  readonly rounds: number
  /** After this long no further round begins. Default: no limit. */
  readonly budgetMs?: number
}

export type ChaosResult = {
  readonly rounds: number
  readonly minutes: number
  readonly faults: Faults
  readonly lostTokenWrites: number
  /** Looks at the counts of all jobs, and how many were wrong at one of them. */
  readonly counters: { readonly looks: number; readonly wrong: number }
  readonly accidents: readonly string[]
  readonly disturbed: Record<string, string>
  readonly undisturbed: Record<string, string>
  /** Rows that only the disturbed run has, and only the other. */
  readonly differences: { readonly more: readonly string[]; readonly missing: readonly string[] }
}

/** Does the same work twice, disturbed and undisturbed, and returns what the tables say after each. */
export async function compareRuns(plan: ChaosPlan): Promise<ChaosResult> {
  const disturbed = await runDisturbed(plan)
  const undisturbed = await runUndisturbed(plan, disturbed.rounds)
  const { tables, ...result } = disturbed
  return {
    ...result,
    disturbed: fingerprint(tables),
    undisturbed: fingerprint(undisturbed),
    differences: { more: differences(tables, undisturbed), missing: differences(undisturbed, tables) },
  }
}

type DisturbedRun = Omit<ChaosResult, 'disturbed' | 'undisturbed' | 'differences'> & {
  readonly tables: TableRows
}

async function runDisturbed(plan: ChaosPlan): Promise<DisturbedRun> {
  const { seed, everyMs, leaseMs, mostFaults = Number.POSITIVE_INFINITY } = plan
  const arena = await openArena()
  try {
    const workload = await givenWorkload(arena, plan.size)
    const processes = keepProcesses(arena, { ...plan.crew, settings: settingsOf(plan) })
    const counters = watchCounters(arena, 100)
    const faults: Faults[] = []
    const startedAt = performance.now()
    let rounds = 0
    try {
      do {
        const schedule = { seed: seed * 1_000 + rounds, everyMs, freezeMs: 2 * leaseMs, mostFaults }
        const tormentor = torment(arena, processes, schedule)
        await workload.startJobs(processes, rounds)
        while (await workload.isOpen()) await pause(100)
        faults.push(await tormentor.stop())
        rounds++
      } while (rounds < plan.rounds || !isEnough(plan, addUp(faults), performance.now() - startedAt))
    } finally {
      await processes.close()
    }
    return {
      rounds,
      minutes: (performance.now() - startedAt) / 60_000,
      faults: addUp(faults),
      accidents: processes.accidents,
      counters: await counters.stop(),
      lostTokenWrites: await countLostTokenWrites(arena.db),
      tables: await readTables(arena.db),
    }
  } finally {
    await arena.close()
  }
}

/** One process of each role. */
async function runUndisturbed(plan: ChaosPlan, rounds: number): Promise<TableRows> {
  const arena = await openArena()
  try {
    const workload = await givenWorkload(arena, plan.size)
    const processes = keepProcesses(arena, {
      worker: 1,
      scheduler: 1,
      api: 1,
      settings: { ...settingsOf(plan), leaseMs: 60_000, capacity: plan.size.collectors },
    })
    try {
      for (let round = 0; round < rounds; round++) {
        await workload.startJobs(processes, round)
        while (await workload.isOpen()) await pause(50)
      }
    } finally {
      await processes.close()
    }
    return await readTables(arena.db)
  } finally {
    await arena.close()
  }
}

function settingsOf({ leaseMs }: ChaosPlan) {
  return {
    leaseMs,
    renewEveryMs: Math.round(leaseMs * 0.3),
    lookEveryMs: Math.round(leaseMs * 0.2),
    capacity: 3,
  }
}

function isEnough({ kills, freezes, budgetMs }: ChaosPlan, faults: Faults, passedMs: number): boolean {
  if (passedMs > (budgetMs ?? Number.POSITIVE_INFINITY)) return true
  return countOf(faults.kills) >= kills && countOf(faults.freezes) >= freezes
}
