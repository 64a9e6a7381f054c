import { setTimeout as pause } from 'node:timers/promises'
import { openArena } from './arena.ts'
import { differences, fingerprint, readTables, type TableRows } from './fingerprint.ts'
import { type Faults, torment } from './tormentor.ts'
import { countLostTokenWrites } from './watch-tokens.ts'
import { keepWorkers } from './workers.ts'
import { givenWorkload, type WorkloadSize } from './workload.ts'

export type ChaosPlan = {
  readonly seed: number
  readonly size: WorkloadSize
  readonly workers: number
  readonly leaseMs: number
  readonly everyMs: number
  /** Rounds of jobs go on until there were this many. */
  readonly kills: number
  readonly freezes: number
  /** After this long no further round begins. Default: no limit. */
  readonly budgetMs?: number
}

export type ChaosResult = {
  readonly rounds: number
  readonly faults: Faults
  readonly lostTokenWrites: number
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
  const arena = await openArena()
  try {
    const workload = await givenWorkload(arena, plan.size)
    const workers = keepWorkers(arena, plan.workers, settingsOf(plan))
    const faults: Faults[] = []
    const endsAt = performance.now() + (plan.budgetMs ?? Number.POSITIVE_INFINITY)
    let rounds = 0
    try {
      do {
        await workload.startJobs(rounds)
        const { seed, everyMs, leaseMs } = plan
        const tormentor = torment(arena, workers, {
          seed: seed * 1_000 + rounds,
          everyMs,
          freezeMs: 2 * leaseMs,
        })
        while (await workload.isOpen()) await pause(100)
        faults.push(await tormentor.stop())
        rounds++
      } while (!isEnough(plan, addUp(faults)) && performance.now() < endsAt)
    } finally {
      await workers.close()
    }
    return {
      rounds,
      faults: addUp(faults),
      accidents: workers.accidents,
      lostTokenWrites: await countLostTokenWrites(arena.db),
      tables: await readTables(arena.db),
    }
  } finally {
    await arena.close()
  }
}

async function runUndisturbed(plan: ChaosPlan, rounds: number): Promise<TableRows> {
  const arena = await openArena()
  try {
    const workload = await givenWorkload(arena, { ...plan.size, delayMs: plan.size.delayMs })
    const workers = keepWorkers(arena, 1, {
      ...settingsOf(plan),
      leaseMs: 60_000,
      capacity: plan.size.collectors,
    })
    try {
      for (let round = 0; round < rounds; round++) {
        await workload.startJobs(round)
        while (await workload.isOpen()) await pause(50)
      }
    } finally {
      await workers.close()
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

function isEnough({ kills, freezes }: ChaosPlan, faults: Faults): boolean {
  return killsOf(faults) >= kills && faults.workerFreezes + faults.pluginFreezes >= freezes
}

/** Processes that were killed, of whatever kind. */
export function killsOf(faults: Faults): number {
  return faults.workerKills + faults.pluginKills + faults.backendKills + faults.databaseKills
}

function addUp(all: readonly Faults[]): Faults {
  const sum = {
    workerKills: 0,
    pluginKills: 0,
    backendKills: 0,
    databaseKills: 0,
    workerFreezes: 0,
    pluginFreezes: 0,
  }
  for (const faults of all) {
    sum.workerKills += faults.workerKills
    sum.pluginKills += faults.pluginKills
    sum.backendKills += faults.backendKills
    sum.databaseKills += faults.databaseKills
    sum.workerFreezes += faults.workerFreezes
    sum.pluginFreezes += faults.pluginFreezes
  }
  return sum
}
