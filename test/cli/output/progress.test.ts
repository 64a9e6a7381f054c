import { expect, test } from 'vitest'
import { progressLine } from '../../../src/cli/output/progress-line.ts'
import { stateChanges } from '../../../src/cli/output/state-changes.ts'
import type { TaskProgress } from '../../../src/cli/shapes.ts'
import { textWidth } from '../../../src/core/text-width.ts'

const NOW = new Date('2026-01-02T03:04:05.000Z')
const RUNNING: TaskProgress = {
  taskId: 'job_task-1',
  status: 'IN_PROGRESS',
  attempt: 1,
  seen: 620,
  created: 12,
  updated: 3,
  unchanged: 605,
  failed: 0,
  startedAt: '2026-01-02T03:04:02.000Z',
  finishedAt: '',
  warnings: [],
}
const VIEW = { label: 'task 1/2', width: 120, frame: 0, now: NOW, expected: 1000, rate: 206.7 }

test.each([
  [
    'running',
    {},
    {},
    '⠋ task 1/2  ██████████████░░░░░░░░░░ 62 %  620 seen  12 created  3 updated  605 unchanged  207/s  3.0 s',
  ],
  [
    'more than the last run',
    { seen: 5000 },
    { width: 60 },
    '⠋ task 1/2  ███████████░ 99 %  5,000 seen  12 created  3.0 s',
  ],
  [
    'with failures',
    { failed: 2 },
    { width: 60 },
    '⠋ task 1/2  █████████░░░░░░░ 62 %  620 seen  2 failed  3.0 s',
  ],
  ['narrow', {}, { width: 32 }, '⠋ task 1/2  620 seen  3.0 s'],
  ['very narrow', {}, { width: 16 }, '⠋ task 1/2  620…'],
  [
    'again',
    { attempt: 2, unchanged: 0 },
    { width: 70 },
    '⠋ task 1/2  ████████░░░░░ 62 %  620 seen  12 created  3.0 s  attempt 2',
  ],
  ['waiting', { status: 'PENDING', attempt: 0, startedAt: '' }, {}, '· task 1/2  waiting'],
  [
    'done',
    { status: 'SUCCESS', finishedAt: '2026-01-02T03:04:03.500Z' },
    {},
    '✓ task 1/2  620 seen  12 created  3 updated  605 unchanged  1.5 s',
  ],
  [
    'failed',
    { status: 'FAILURE', failed: 1, finishedAt: '2026-01-02T03:04:03.500Z' },
    { width: 50 },
    '✗ task 1/2  failure  620 seen  1 failed  1.5 s',
  ],
])('a task %s', (_, task, view, line) => {
  expect(progressLine({ ...RUNNING, ...task }, { ...VIEW, ...view })).toBe(line)
})

test('without a last run the bar moves to and fro', () => {
  const bar = (frame: number) =>
    progressLine(RUNNING, { ...VIEW, frame, expected: undefined, rate: undefined, width: 60 }).match(
      /[█░]+/,
    )?.[0]
  const seen = Array.from({ length: 40 }, (_, frame) => bar(frame))
  expect(new Set(seen.map((text) => text?.length)).size).toBe(1)
  expect(seen[0]?.startsWith('███')).toBe(true)
  expect(seen.some((text) => text?.endsWith('███'))).toBe(true)
})

test('no line is wider than the terminal, whatever its width', () => {
  const busy = { ...RUNNING, attempt: 3, failed: 12_345, seen: 1_234_567, created: 1_000_000 }
  for (let width = 1; width < 140; width++) {
    expect(textWidth(progressLine(busy, { ...VIEW, width }))).toBeLessThanOrEqual(width)
  }
})

test('a log gets a line when a task changes its state or begins again, and no other', () => {
  const job = (task: Partial<TaskProgress>) => ({
    jobId: 'job-1',
    status: 'IN_PROGRESS',
    isPartial: false,
    isFinished: false,
    calls: [],
    predictedSeconds: 0,
    tasks: [{ ...RUNNING, ...task }],
  })
  const waiting = job({ status: 'PENDING', attempt: 0 })
  const finished = job({ status: 'FAILURE', attempt: 2, failed: 1, finishedAt: '2026-01-02T03:04:03.500Z' })
  expect(stateChanges(undefined, waiting, NOW)).toEqual(['job_task-1: PENDING'])
  expect(stateChanges(waiting, job({}), NOW)).toEqual(['job_task-1: IN_PROGRESS, attempt 1'])
  expect(stateChanges(job({}), job({ seen: 700 }), NOW)).toEqual([])
  expect(stateChanges(job({}), job({ attempt: 2 }), NOW)).toEqual(['job_task-1: IN_PROGRESS, attempt 2'])
  expect(stateChanges(job({}), finished, NOW)).toEqual([
    'job_task-1: FAILURE in 1.5 s: 620 resources seen, 12 created, 3 updated, 605 unchanged, 1 failed',
  ])
})
