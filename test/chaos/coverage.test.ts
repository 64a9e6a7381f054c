import { afterAll, describe, expect, test } from 'vitest'
import { FAULT_NAMES } from '../coverage/model/faults.ts'
import { play } from '../coverage/model/play.ts'
import { openCoverage } from '../coverage/support.ts'

/** Histories for each fault alone; all of them together are played by `npm test`. */
const SEEDS = Number(process.env.GLEANER_CHAOS_SEEDS ?? 1_000)

const harness = await openCoverage()
afterAll(harness.close)

describe.each(FAULT_NAMES)('%s', (fault) => {
  test(`deletes nothing that exists, in ${SEEDS} histories`, async () => {
    let played = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      await play(harness, seed * 7_919, [fault])
      played++
    }
    expect(played).toBe(SEEDS)
  })
})
