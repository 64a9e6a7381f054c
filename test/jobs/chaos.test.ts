import { expect, test } from 'vitest'
import { compareRuns, killsOf } from '../chaos/engine/compare-runs.ts'

test('processes killed and frozen at random: every job ends, and the tables say what an undisturbed run says', {
  timeout: 300_000,
}, async () => {
  const result = await compareRuns({
    seed: 1,
    size: { collectors: 4, count: 500, delayMs: 30 },
    workers: 3,
    leaseMs: 1_000,
    everyMs: 1_000,
    kills: 5,
    freezes: 2,
  })

  expect(result.differences).toEqual({ more: [], missing: [] })
  expect(result.disturbed).toEqual(result.undisturbed)
  expect(result).toMatchObject({ lostTokenWrites: 0, accidents: [] })
  expect(killsOf(result.faults)).toBeGreaterThanOrEqual(5)
})
