import { describe, expect, test } from 'vitest'
import { GleanerError, Unavailable } from '../../src/core/errors.ts'
import { jobOutcome } from '../../src/jobs/end/job-outcome.ts'
import { JOB_STATUSES } from '../../src/jobs/job.ts'
import { DEFAULT_ATTEMPT_LIMITS, decideRetry } from '../../src/jobs/run/retry.ts'
import { withLog } from '../../src/jobs/run/task-log.ts'
import { TASK_STATUSES, type TaskStatus } from '../../src/jobs/task.ts'
import { boundErrors, MAX_ERROR_MESSAGE, MAX_TASK_ERRORS, streamFailure } from '../../src/jobs/task-errors.ts'
import {
  isFinalJobStatus,
  isFinalTaskStatus,
  JOB_MOVES,
  jobStatusesBefore,
  TASK_MOVES,
  taskStatusesBefore,
} from '../../src/jobs/transitions.ts'
import { PluginError } from '../../src/plugins/index.ts'
import { pluginFailure } from './scripted-plugins.ts'

describe('legal moves', () => {
  test('the guard of a move names exactly the statuses whose moves include it', () => {
    for (const to of TASK_STATUSES) {
      for (const from of TASK_STATUSES) {
        const isLegal = (TASK_MOVES[from] as readonly string[]).includes(to)
        expect(taskStatusesBefore(to).includes(from), `task ${from} → ${to}`).toBe(isLegal)
      }
    }
    for (const to of JOB_STATUSES) {
      for (const from of JOB_STATUSES) {
        const isLegal = (JOB_MOVES[from] as readonly string[]).includes(to)
        expect(jobStatusesBefore(to).includes(from), `job ${from} → ${to}`).toBe(isLegal)
      }
    }
  })

  test('every task and every job can reach an end, and no end can be left', () => {
    expect(TASK_STATUSES.filter(isFinalTaskStatus)).toEqual(['SUCCESS', 'FAILURE', 'CANCELED'])
    expect(JOB_STATUSES.filter(isFinalJobStatus)).toEqual(['SUCCESS', 'ERROR', 'CANCELED', 'TIMEOUT'])
    expect(taskStatusesBefore('CANCELED')).toEqual(['PENDING', 'IN_PROGRESS'])
    expect(jobStatusesBefore('SUCCESS')).toEqual(['IN_PROGRESS'])
  })
})

describe('the outcome of a job', () => {
  const timeout = 'TIMEOUT' as const
  test.each<[string, (TaskStatus | typeof timeout)[], string]>([
    ['all tasks succeeded', ['SUCCESS', 'SUCCESS'], 'SUCCESS'],
    ['one failed', ['SUCCESS', 'FAILURE'], 'ERROR'],
    ['one failed and others were canceled or out of time', ['CANCELED', timeout, 'FAILURE'], 'ERROR'],
    ['one ran out of time and another was canceled', ['CANCELED', timeout], 'TIMEOUT'],
    ['one was canceled', ['SUCCESS', 'CANCELED'], 'CANCELED'],
    ['there was nothing to do', [], 'SUCCESS'],
  ])('when %s', (_, ends, outcome) => {
    const tasks = ends.map((end) => ({
      status: end === timeout ? ('CANCELED' as const) : end,
      timedOut: end === timeout,
    }))
    expect(jobOutcome(tasks)).toBe(outcome)
  })
})

describe('repeating a failed attempt', () => {
  test('a failure that may pass is repeated with growing pauses, and then no more', () => {
    const decisions = [0, 1, 2].map((failedAttempts) =>
      decideRetry(pluginFailure(true), { failedAttempts, lostAttempts: 0 }),
    )
    expect(decisions).toEqual([
      { retry: true, delayMs: 2_000, counts: 'failed' },
      { retry: true, delayMs: 8_000, counts: 'failed' },
      { retry: false },
    ])
    expect(decisions).toHaveLength(DEFAULT_ATTEMPT_LIMITS.maxFailed)
  })

  test('a plugin that pauses after failures was not tried: the task comes back after the pause, and keeps its attempts', () => {
    const fields = {
      pluginId: 'acme',
      during: 'start',
      code: 'ERROR_PLUGIN_START',
      message: 'it did not start',
    }
    const pause = new PluginError({ ...fields, kind: 'unavailable', retryable: true, pausedForMs: 4_500.3 })
    const again = { retry: true, delayMs: 4_501, counts: 'lost' }
    expect(decideRetry(pause, { failedAttempts: 2, lostAttempts: 0 })).toEqual(again)
    expect(decideRetry(pause, { failedAttempts: 0, lostAttempts: 9 })).toEqual({ retry: false })
  })

  test('a database that was away counts like a lost worker, and has that limit', () => {
    const away = new Unavailable('ERROR_DATABASE_UNAVAILABLE', 'the database is away')
    expect(decideRetry(away, { failedAttempts: 2, lostAttempts: 8 })).toEqual({
      retry: true,
      delayMs: 1_000,
      counts: 'lost',
    })
    expect(decideRetry(away, { failedAttempts: 0, lostAttempts: 9 })).toEqual({ retry: false })
  })

  test('a plugin that says it was the database is not believed', () => {
    const fields = { pluginId: 'plugin-x', during: 'Collect', message: 'full' }
    const said = { code: 'ERROR_DATABASE_FULL', kind: 'unavailable', retryable: true } as const
    expect(
      decideRetry(new PluginError({ ...fields, ...said }), { failedAttempts: 2, lostAttempts: 0 }),
    ).toEqual({
      retry: false,
    })
  })

  test.each([
    ['a failure that will not pass', pluginFailure(false)],
    ['an error nobody expected', new TypeError('x is undefined')],
  ])('%s is not repeated', (_, failure) => {
    expect(decideRetry(failure, { failedAttempts: 0, lostAttempts: 0 })).toEqual({ retry: false })
  })
})

describe('errors kept on a task', () => {
  test('are cut in number, in length and in what is attached', () => {
    const long = {
      error_code: 'E'.repeat(500),
      message: 'm'.repeat(5_000),
      additional: { all: 'x'.repeat(9_000) },
    }
    const kept = boundErrors(Array.from({ length: 300 }, () => long))
    expect(kept).toHaveLength(MAX_TASK_ERRORS)
    expect(kept[0]?.message).toHaveLength(MAX_ERROR_MESSAGE)
    expect(kept[0]?.error_code).toHaveLength(128)
    expect(kept[0]?.additional).toBeUndefined()
  })

  test('say what failed, why, what it means for the data and what to do', () => {
    const entry = streamFailure('job_task-1', pluginFailure(true), 3)
    expect(entry).toEqual({
      error_code: 'ERROR_PROVIDER',
      message:
        "job task 'job_task-1' could not read everything after 3 attempts: plugin 'acme' (collect): the cloud said no. What was read before is kept; nothing counts as gone. Collect again when the cause has passed",
    })
  })

  test('hold the newest lines of the plugin that fit, oldest first, whatever they are made of', () => {
    const error = { error_code: 'E', message: 'm' }
    const logged = (line: string) =>
      withLog(
        error,
        Array.from({ length: 20 }, (_, at) => `${at} ${line}`),
      )
    expect(withLog(error, [])).toEqual(error)
    expect(logged('x').additional?.plugin_log).toEqual(
      [10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((at) => `${at} x`),
    )
    for (const line of ['"'.repeat(900), 'x'.repeat(900), '\u0001'.repeat(900)]) {
      const [kept] = boundErrors([logged(line)])
      expect(JSON.stringify(kept?.additional)).toContain('19 ')
    }
  })

  test('tell nothing of an error that was not made for readers', () => {
    const { error_code, message } = streamFailure('job_task-1', new Error('relation "secret_data"'), 1)
    expect(error_code).toBe('ERROR_UNKNOWN')
    expect(message).not.toContain('secret_data')
  })

  test('keep advice and meaning when the reason is very long', () => {
    const failure = new GleanerError('internal', 'ERROR_PLUGIN', 'w'.repeat(10_000))
    const [entry] = boundErrors([streamFailure('job_task-1', failure, 1)])
    expect(entry?.message).toMatch(/What was read before is kept.* collect again$/)
  })
})
