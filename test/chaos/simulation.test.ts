import { expect, test } from 'vitest'
import { simulate } from '../simulation/simulate.ts'

test('10,000 seeds of crashes, freezes, cancels and outages keep every invariant', () => {
  const failed: string[] = []
  for (let seed = 0; seed < 10_000; seed++) {
    const { broken } = simulate(seed)
    if (broken !== undefined)
      failed.push(`GLEANER_SIMULATION_SEED=${seed} npm test -- test/simulation/tasks.test.ts  # ${broken}`)
  }
  expect(failed).toEqual([])
})
