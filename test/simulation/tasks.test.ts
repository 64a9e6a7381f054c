import { expect, test } from 'vitest'
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts'
import { simulate } from './simulate.ts'

const SEEDS = 200
const ONE_SEED = process.env.GLEANER_SIMULATION_SEED

test('200 seeds of crashes, freezes, cancels and outages keep every invariant', () => {
  const seeds =
    ONE_SEED === undefined ? Array.from({ length: SEEDS }, (_, index) => index) : [Number(ONE_SEED)]
  const failed = seeds.flatMap((seed) => {
    const { broken } = simulate(seed)
    return broken === undefined
      ? []
      : [`GLEANER_SIMULATION_SEED=${seed} npm test -- test/simulation/tasks.test.ts  # ${broken}`]
  })
  expect(failed).toEqual([])
})

test('the same seed gives the same events, another seed gives others', () => {
  expect(simulate(7).hash).toBe(simulate(7).hash)
  expect(simulate(7).hash).not.toBe(simulate(8).hash)
})

test('every planted bug is found within 200 seeds', () => {
  const found = PLANTED_BUGS.map((bug) => ({ bug, ...findWith(bug) }))
  console.table(found)
  expect(found.filter(({ invariant }) => invariant === undefined)).toEqual([])
})

function findWith(bug: PlantedBug): { readonly seeds: number; readonly invariant: string | undefined } {
  for (let seed = 0; seed < SEEDS; seed++) {
    const { broken } = simulate(seed, bug)
    if (broken !== undefined) return { seeds: seed + 1, invariant: broken }
  }
  return { seeds: SEEDS, invariant: undefined }
}
