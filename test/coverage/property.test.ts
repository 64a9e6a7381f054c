import { afterAll, expect, test } from 'vitest'
import { FAULT_NAMES } from './model/faults.ts'
import { play } from './model/play.ts'
import { openCoverage } from './support.ts'

/** Histories that are played at the same time, each with a database of its own. */
const LANES = 3
const SEEDS = 200

const lanes = await Promise.all(Array.from({ length: LANES }, () => openCoverage()))
afterAll(() => Promise.all(lanes.map(({ close }) => close())))

test(`in ${SEEDS} histories of faulty runs nothing that exists is deleted, what is gone is found, and complete is complete`, async () => {
  let next = 1
  const failures: string[] = []
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = next++; seed <= SEEDS && failures.length === 0; seed = next++) {
        await play(lane, seed, FAULT_NAMES).catch((thrown: Error) => failures.push(thrown.message))
      }
    }),
  )
  expect(failures).toEqual([])
}, 600_000)
