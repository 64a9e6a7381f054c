import { describe, expect, test } from 'vitest'
import { groupAlike, shareOf, verdictOf } from '../src/features/jobs/api/summary.ts'

describe('a task', () => {
  const task = {
    job_task_id: 'job_task-1',
    status: 'IN_PROGRESS',
    attempt: 1,
    seen_count: 50,
    created_count: 0,
    updated_count: 0,
    unchanged_count: 50,
    failure_count: 0,
    started_at: '',
    finished_at: '',
    warnings: [],
    last_failure: '',
    next_attempt_at: '',
  }

  test.each([
    ['IN_PROGRESS', 50, 100, 0.5],
    ['IN_PROGRESS', 150, 100, 0.99],
    ['IN_PROGRESS', 50, undefined, undefined],
    ['PENDING', 0, 100, 0],
    ['SUCCESS', 3, 100, 1],
    ['FAILURE', 25, 100, 0],
  ])('%s with %j of %j is so far', (status, seen_count, expected, share) => {
    expect(shareOf({ ...task, status, seen_count }, expected)).toBe(share)
  })

  test.each([
    [0, 'Nothing was deleted because of this run.'],
    [2, '2 resources that complete lists no longer hold were deleted.'],
  ])('of a job that read a part tells that %i were deleted', (deleted_count, words) => {
    const job = {
      job_id: 'job-1',
      status: 'ERROR',
      filter: {},
      total_tasks: 1,
      remained_tasks: 0,
      errors: [],
      collector_info: { collector_id: '', name: '', provider: '' },
      created_at: '2026-01-02T00:00:00Z',
      finished_at: '2026-01-02T00:00:01Z',
    }
    const progress = {
      job_id: 'job-1',
      status: 'ERROR',
      partial: true,
      finished: true,
      tasks: [task],
      calls: [],
      predicted_seconds: 0,
    }
    const tasks = [{ job_task_id: 'job_task-1', secret_id: '', deleted_count, errors: [] }]
    expect(verdictOf({ job, progress, tasks }, 0)).toContain(`more may exist. ${words}`)
  })

  test('whose errors are alike tells them once', () => {
    const error = { error_code: 'ERROR_A', message: 'a', additional: {} }
    const groups = groupAlike([error, { ...error, message: 'b' }, { ...error }])
    expect(groups.map(({ error: { message }, times }) => [message, times])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })
})
