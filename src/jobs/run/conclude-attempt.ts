import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import { GleanerError, toError } from '../../core/errors.ts'
import type { Database } from '../../storage/index.ts'
import { type Ended, finishTask, type TaskEnding } from '../end/finish-task.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import { type ReleaseOptions, releaseTask } from '../lease/release-task.ts'
import type { TaskQueue } from '../queue/queue.ts'
import type { TakenTask } from '../task.ts'
import { collectorDeleted, shortFailure, streamFailure, timeLimitReached } from '../task-errors.ts'
import { type AttemptLimits, decideRetry } from './retry.ts'
import { withLog } from './task-log.ts'
import type { TaskMeter } from './task-meter.ts'

/** One attempt, and the three things other than the plugin that may have ended it. */
export type Attempt = {
  readonly task: TakenTask
  readonly limits: { readonly taskTimeoutMs: number; readonly attempts: AttemptLimits }
  /** The worker stops, or, where the reason is one of our errors, cannot go on with it now. */
  readonly stop: AbortSignal
  /** The task moved on without this attempt. */
  readonly lost: AbortSignal
  /** The time limit was reached. */
  readonly overtime: AbortSignal
}

/**
 * How far an attempt got: its stream was read to the end, there was nothing to read (the plugin named no
 * part, or the collector is gone), or it failed.
 */
export type AttemptResult =
  | { readonly kind: 'read' }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'failed'
      readonly failure: unknown
      /** The last that the plugin logged before. */
      readonly logged: readonly string[]
    }

type ConcludeDeps = {
  readonly db: Database
  readonly meter: TaskMeter
  readonly queue: TaskQueue
  readonly log: Logger
  readonly now: Clock
}

/** What becomes of an attempt. */
type Conclusion =
  | { readonly kind: 'nothing' }
  | ({ readonly kind: 'release' } & ReleaseOptions)
  | { readonly kind: 'finish'; readonly ending: Omit<TaskEnding, 'at'> }

/**
 * Writes the end of an attempt. When even that fails the lease runs out, and the reaper goes on from there.
 */
export async function concludeAttempt(
  deps: ConcludeDeps,
  attempt: Attempt,
  result: AttemptResult,
): Promise<void> {
  const { task } = attempt
  const conclusion = decideConclusion(attempt, result)
  const fields = { jobTaskId: task.jobTaskId, attempt: task.attempt }
  const reason = result.kind === 'failed' ? { err: forLog(result.failure) } : {}
  try {
    if (conclusion.kind === 'finish') {
      const ended = await finishTask(deps.db, task, { ...conclusion.ending, at: deps.now() })
      deps.meter.ended(ended.task, ended.job)
      logEnd(deps.log, { ...fields, ...reason }, ended)
    } else if (conclusion.kind === 'release') {
      await releaseTask(deps, task, conclusion)
      deps.meter.released()
      deps.log.info({ ...fields, ...reason, ...conclusion }, 'task given back for its next attempt')
    } else {
      deps.meter.leaseLost()
      deps.log.warn({ ...fields, ...reason }, 'attempt ended without a word: the task had moved on')
    }
  } catch (thrown) {
    if (thrown instanceof LeaseLost) {
      deps.meter.leaseLost()
      return deps.log.warn(fields, thrown.message)
    }
    deps.log.error({ ...fields, err: toError(thrown) }, 'end of task not written; its lease will run out')
  }
}

/**
 * What becomes of an attempt that got this far. A stream that was never opened proves nothing: the task is no
 * failure, but nothing counts as read completely.
 */
export function decideConclusion(attempt: Attempt, result: AttemptResult): Conclusion {
  const { task, limits, stop, lost, overtime } = attempt
  if (task.collector === undefined) return finish('CANCELED', [collectorDeleted(task.jobTaskId)])
  if (result.kind !== 'failed')
    return { kind: 'finish', ending: { status: 'SUCCESS', complete: result.kind === 'read' } }
  const { failure, logged } = result
  if (lost.aborted || failure instanceof LeaseLost) return { kind: 'nothing' }
  if (stop.aborted && !(stop.reason instanceof GleanerError))
    return { kind: 'release', delayMs: 0, counts: 'nothing' }
  if (overtime.aborted) {
    const { kind, ending } = finish('CANCELED', [
      withLog(timeLimitReached(task.jobTaskId, limits.taskTimeoutMs), logged),
    ])
    return { kind, ending: { ...ending, timedOut: true } }
  }
  const cause: unknown = stop.aborted ? stop.reason : failure
  const decision = decideRetry(cause, task, limits.attempts)
  if (decision.retry) {
    return {
      kind: 'release',
      delayMs: decision.delayMs,
      counts: decision.counts,
      failure: shortFailure(cause),
    }
  }
  const error = streamFailure(task.jobTaskId, cause, task.failedAttempts + 1)
  return finish('FAILURE', [withLog(error, logged)])
}

function finish(status: 'FAILURE' | 'CANCELED', errors: NonNullable<TaskEnding['errors']>) {
  return { kind: 'finish', ending: { status, complete: false, errors } } as const
}

// Our own errors say all there is to say; anything else is a bug, and the log is the only place that sees it
// whole.
function forLog(failure: unknown): unknown {
  return failure instanceof GleanerError ? failure.message : toError(failure)
}

function logEnd(log: Logger, fields: object, ended: Ended): void {
  const all = { ...fields, task: ended.task, job: ended.job }
  if (ended.task === 'SUCCESS') log.info(all, 'task ended')
  else log.warn(all, 'task ended')
}
