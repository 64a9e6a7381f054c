import { afterAll, expect, test } from 'vitest'
import { openWorkshop } from '../jobs/support.ts'
import { compareStores } from './tasks/compare-stores.ts'

const workshop = await openWorkshop()
afterAll(workshop.close)

const SEEDS = Number(process.env.GLEANER_MODEL_SEEDS ?? 4)
const STEPS = 200

test('the model of the simulation says after every step what PostgreSQL says', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    expect({ seed, difference: await compareStores(workshop, { seed, steps: STEPS }) }).toEqual({ seed })
  }
})

test('a guard that only the model lacks is noticed', async () => {
  const bug = 'reaper ends what it saw and not what is'
  expect(await compareStores(workshop, { seed: 1, steps: STEPS, bug })).toMatchObject({
    operation: 'end as the reaper',
  })
})
