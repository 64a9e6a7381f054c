import { expect, test } from 'vitest'
import { compareRuns, killsOf } from './compare-runs.ts'
import { measureRecovery } from './measure-recovery.ts'
import { percentile, printFigure } from './print-figure.ts'

const MINUTES = Number(process.env.CHAOS_MINUTES ?? 30)
const SEED = Number(process.env.CHAOS_SEED ?? 1)

test('300 kills and 100 freezes of two leases: the tables say what an undisturbed run says', async () => {
  const result = await compareRuns({
    seed: SEED,
    size: { collectors: 8, count: 1_000, delayMs: 20 },
    workers: 5,
    leaseMs: 1_500,
    everyMs: 600,
    kills: 300,
    freezes: 100,
    budgetMs: MINUTES * 60_000,
  })

  const { faults, rounds, lostTokenWrites, differences } = result
  printFigure('chaos kills', killsOf(faults), 'kills', { seed: SEED, rounds, ...faults })
  printFigure('chaos freezes', faults.workerFreezes + faults.pluginFreezes, 'freezes')
  printFigure('chaos differing rows', differences.more.length + differences.missing.length, 'rows')
  printFigure('chaos writes under a lost token', lostTokenWrites, 'batches')
  expect(differences).toEqual({ more: [], missing: [] })
  expect(result.disturbed).toEqual(result.undisturbed)
  expect(result).toMatchObject({ lostTokenWrites: 0, accidents: [] })
})

test('with the leases of production, the tasks of a killed or frozen worker run elsewhere within 15 s', async () => {
  const delaysMs = await measureRecovery({ rounds: 4 })

  const p99 = percentile(delaysMs, 0.99)
  printFigure('recovery p99', Math.round(p99), 'ms', {
    samples: delaysMs.length,
    median: Math.round(percentile(delaysMs, 0.5)),
  })
  expect(delaysMs.length).toBeGreaterThanOrEqual(16)
  expect(p99).toBeLessThanOrEqual(15_000)
})
