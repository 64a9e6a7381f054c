import { expect, test } from 'vitest'
import { SCHEDULE_BUGS } from './schedules/planted-bugs.ts'
import { simulateSchedules } from './schedules/simulate.ts'
import { findPlanted, replays } from './seeds.ts'

const SEEDS = 200

test('200 seeds of schedulers that freeze and die, clocks that step and change, and disabled collectors keep every invariant', () => {
  expect(replays('schedules', SEEDS, simulateSchedules)).toEqual([])
})

test('the same seed gives the same events, another seed gives others', () => {
  expect(simulateSchedules(7).hash).toBe(simulateSchedules(7).hash)
  expect(simulateSchedules(7).hash).not.toBe(simulateSchedules(8).hash)
})

test('every planted bug is found within 200 seeds', () => {
  const found = findPlanted(SCHEDULE_BUGS, SEEDS, simulateSchedules)
  console.table(found)
  expect(found.filter(({ invariant }) => invariant === undefined)).toEqual([])
})
