import { afterAll, describe, expect, test } from 'vitest'
import { openWorkshop } from '../jobs/support.ts'
import { compareSchedules } from './schedules/compare-stores.ts'
import { compareStores } from './tasks/compare-stores.ts'

const workshop = await openWorkshop()
afterAll(workshop.close)

const SEEDS = Number(process.env.GLEANER_MODEL_SEEDS ?? 4)

describe.each([
  ['tasks', compareStores, { steps: 200 }],
  ['schedules', compareSchedules, { steps: 60 }],
] as const)('the model of %s', (_, compare, { steps }) => {
  test('says after every step what PostgreSQL says', async () => {
    for (let seed = 1; seed <= SEEDS; seed++)
      expect({ seed, difference: await compare(workshop, { seed, steps }) }).toEqual({ seed })
  })
})

test('a guard that a model lacks is noticed', async () => {
  const reaper = { seed: 1, steps: 200, bug: 'reaper ends what it saw and not what is' } as const
  expect(await compareStores(workshop, reaper)).toMatchObject({ operation: 'end as the reaper' })
  const held = { seed: 2, steps: 60, bug: 'claimed without a lock' } as const
  expect(await compareSchedules(workshop, held)).toMatchObject({
    operation: expect.stringContaining('one held'),
  })
})
