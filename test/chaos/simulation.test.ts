import { expect, test } from 'vitest'
import { simulateSchedules } from '../simulation/schedules/simulate.ts'
import { replays } from '../simulation/seeds.ts'
import { simulateTasks } from '../simulation/tasks/simulate.ts'

const SEEDS = 10_000

test('10,000 seeds of crashes, freezes, cancels, splits and outages keep every invariant', () => {
  expect(replays('tasks', SEEDS, simulateTasks)).toEqual([])
})

test('10,000 seeds of schedulers, clocks that step and change, and disabled collectors keep every invariant', () => {
  expect(replays('schedules', SEEDS, simulateSchedules)).toEqual([])
})
