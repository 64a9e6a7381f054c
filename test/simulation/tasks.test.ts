import { expect, test } from 'vitest'
import { findPlanted, replays } from './seeds.ts'
import { PLANTED_BUGS } from './tasks/planted-bugs.ts'
import { simulateTasks } from './tasks/simulate.ts'

const SEEDS = 200

test('200 seeds of crashes, freezes, cancels, splits and outages keep every invariant', () => {
  expect(replays('tasks', SEEDS, simulateTasks)).toEqual([])
})

test('the same seed gives the same events, another seed gives others', () => {
  expect(simulateTasks(7).hash).toBe(simulateTasks(7).hash)
  expect(simulateTasks(7).hash).not.toBe(simulateTasks(8).hash)
})

test('every planted bug is found within 200 seeds', () => {
  const found = findPlanted(PLANTED_BUGS, SEEDS, simulateTasks)
  console.table(found)
  expect(found.filter(({ invariant }) => invariant === undefined)).toEqual([])
})
