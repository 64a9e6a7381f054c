import { expect, test } from 'vitest'
import { compareRuns } from './compare-runs.ts'
import { countOf } from './faults.ts'
import { measureRecovery } from './measure-recovery.ts'
import { percentile } from './print-figure.ts'
import { printVerdict } from './print-verdict.ts'

const MINUTES = Number(process.env.CHAOS_MINUTES ?? 20)
const SEED = Number(process.env.CHAOS_SEED ?? 1)
const KILLS = Number(process.env.CHAOS_KILLS ?? 300)
const FREEZES = Math.ceil(KILLS / 3)

test('300 kills and 100 freezes of two leases: the tables say what an undisturbed run says, and what is lost is found within 15 s', async () => {
  const result = await compareRuns({
    seed: SEED,
    size: { collectors: 8, sharing: 2, count: 800, delayMs: 20 },
    crew: { worker: 5, scheduler: 2, api: 2 },
    leaseMs: 1_500,
    everyMs: 900,
    rounds: 4,
    kills: KILLS,
    freezes: FREEZES,
    budgetMs: MINUTES * 60_000,
  })
  const { faults, differences, counters } = result
  // The leases of production, in a run of their own.
  const delaysMs = await measureRecovery({ rounds: 4 })
  const p99Ms = Math.round(percentile(delaysMs, 0.99))

  printVerdict({ seed: SEED, ...result, delaysMs }, [
    ['kills', countOf(faults.kills), `at least ${KILLS}`, countOf(faults.kills) >= KILLS],
    [
      'freezes of two leases',
      countOf(faults.freezes),
      `at least ${FREEZES}`,
      countOf(faults.freezes) >= FREEZES,
    ],
    ['differing rows', differences.more.length + differences.missing.length, '0', isNone(differences)],
    ['batches under a lost token', result.lostTokenWrites, '0', result.lostTokenWrites === 0],
    [`jobs with wrong counts, in ${counters.looks} looks`, counters.wrong, '0', counters.wrong === 0],
    ['processes that ended by themselves', result.accidents.length, '0', result.accidents.length === 0],
    [`recovery p99 of ${delaysMs.length} tasks, ms`, p99Ms, 'at most 15000', p99Ms <= 15_000],
  ])
  expect(differences).toEqual({ more: [], missing: [] })
  expect(result.disturbed).toEqual(result.undisturbed)
  expect(result).toMatchObject({ lostTokenWrites: 0, accidents: [], counters: { wrong: 0 } })
  expect(delaysMs.length).toBeGreaterThanOrEqual(16)
  expect(p99Ms).toBeLessThanOrEqual(15_000)
  expect(countOf(faults.kills)).toBeGreaterThanOrEqual(KILLS)
  expect(countOf(faults.freezes)).toBeGreaterThanOrEqual(FREEZES)
})

function isNone({
  more,
  missing,
}: {
  readonly more: readonly string[]
  readonly missing: readonly string[]
}) {
  return more.length + missing.length === 0
}
