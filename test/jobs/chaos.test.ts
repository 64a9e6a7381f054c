import { expect, test } from 'vitest'
import { compareRuns } from '../chaos/engine/compare-runs.ts'
import { countOf } from '../chaos/engine/faults.ts'
import { fixture } from '../plugins/support.ts'
import { measureSlowness } from '../support/slowness.ts'

test('processes killed and frozen at random: every job ends, and the tables say what an undisturbed run says', async () => {
  // Whoever is killed once a second must get somewhere in a second.
  const slowness = await measureSlowness(fixture('serve'))
  const result = await compareRuns({
    seed: 1,
    size: { collectors: 3, sharing: 2, count: 500, delayMs: 30 },
    crew: { worker: 3, scheduler: 1, api: 1 },
    leaseMs: Math.round(1_000 * slowness),
    everyMs: 1_000 * slowness,
    mostFaults: 15,
    rounds: 1,
    kills: 5,
    freezes: 2,
  })

  expect(result.differences).toEqual({ more: [], missing: [] })
  expect(result.disturbed).toEqual(result.undisturbed)
  expect(result).toMatchObject({ lostTokenWrites: 0, accidents: [], counters: { wrong: 0 } })
  expect(countOf(result.faults.kills)).toBeGreaterThanOrEqual(5)
})
