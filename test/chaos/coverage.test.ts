import { afterAll, describe, test } from 'vitest'
import { FAULT_NAMES } from '../coverage/model/faults.ts'
import { openModel } from '../coverage/model/play.ts'
import { playSeeds } from '../coverage/model/play-seeds.ts'

/** Histories for each fault alone; all of them together are played by `npm test`. */
const SEEDS = Number(process.env.GLEANER_CHAOS_SEEDS ?? 1_000)

const lanes = await Promise.all(Array.from({ length: 4 }, () => openModel()))
afterAll(() => Promise.all(lanes.map(({ close }) => close())))

describe.each(FAULT_NAMES)('%s', (fault) => {
  test(`deletes nothing that exists, in ${SEEDS} histories`, async () => {
    await playSeeds(
      lanes,
      Array.from({ length: SEEDS }, (_, at) => (at + 1) * 7_919),
      [fault],
    )
  })
})
