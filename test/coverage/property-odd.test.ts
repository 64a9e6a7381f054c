import { afterAll, test } from 'vitest'
import { FAULT_NAMES } from './model/faults.ts'
import { openModel } from './model/play.ts'
import { playSeeds } from './model/play-seeds.ts'

// One half of 200 histories; the other half runs beside it in a process of its own.
const SEEDS = Array.from({ length: 100 }, (_, at) => 1 + 2 * at)

const lanes = await Promise.all([openModel(), openModel()])
afterAll(() => Promise.all(lanes.map(({ close }) => close())))

test('in 100 histories of faulty runs nothing that exists is deleted, what is gone is found, and complete is complete', async () => {
  await playSeeds(lanes, SEEDS, FAULT_NAMES)
}, 1_800_000)
