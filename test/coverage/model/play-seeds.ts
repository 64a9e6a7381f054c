import { expect } from 'vitest'
import { BrokenRule, type Rule } from './broken-rule.ts'
import type { FaultName } from './faults.ts'
import { type Harness, play } from './play.ts'

/** What became of some histories. */
export type Tally = {
  readonly histories: number
  /** Jobs that were run, and resources that they deleted. */
  readonly runs: number
  readonly deleted: number
  readonly broken: Readonly<Record<Rule, number>>
  /** Each with its seed and its whole story. */
  readonly failures: readonly string[]
}

/** Plays these histories to their end on all lanes at the same time, each lane with a database of its own. */
export async function tallySeeds(
  lanes: readonly Harness[],
  seeds: readonly number[],
  faults: readonly FaultName[],
): Promise<Tally> {
  const next = seeds.values()
  const broken: Record<Rule, number> = { 'deleted falsely': 0, 'found late': 0, 'called complete wrongly': 0 }
  const failures: string[] = []
  let runs = 0
  let deleted = 0
  async function playOn(lane: Harness): Promise<void> {
    for (const seed of next) {
      const { failure, ...played } = await play(lane, seed, faults)
      runs += played.runs
      deleted += played.deleted
      if (failure === undefined) continue
      failures.push(failure.message)
      if (failure.cause instanceof BrokenRule) broken[failure.cause.rule]++
    }
  }
  await Promise.all(lanes.map(playOn))
  return { histories: seeds.length, runs, deleted, broken, failures }
}

/** Plays these histories, and fails with those that break a rule. */
export async function playSeeds(
  lanes: readonly Harness[],
  seeds: readonly number[],
  faults: readonly FaultName[],
): Promise<void> {
  const { failures } = await tallySeeds(lanes, seeds, faults)
  expect(failures).toEqual([])
}

/** The sums of several. */
export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  return {
    histories: sum(({ histories }) => histories),
    runs: sum(({ runs }) => runs),
    deleted: sum(({ deleted }) => deleted),
    broken: {
      'deleted falsely': sum(({ broken }) => broken['deleted falsely']),
      'found late': sum(({ broken }) => broken['found late']),
      'called complete wrongly': sum(({ broken }) => broken['called complete wrongly']),
    },
    failures: tallies.flatMap(({ failures }) => failures),
  }
}
