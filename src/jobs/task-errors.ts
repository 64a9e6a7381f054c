import { GleanerError, toError } from '../core/errors.ts'
import type { TaskError } from '../inventory/index.ts'

/** Errors kept on one task; later ones are only counted. */
export const MAX_TASK_ERRORS = 100

/** Characters kept of one message. */
export const MAX_ERROR_MESSAGE = 2_000

const MAX_ADDITIONAL = 4_000

/**
 * Cuts errors to what a task may keep: their number, the length of each message and of what is attached to
 * it.
 */
export function boundErrors(errors: readonly TaskError[]): readonly TaskError[] {
  return errors.slice(0, MAX_TASK_ERRORS).map((error) => ({
    error_code: cut(error.error_code, 128),
    message: cut(error.message, MAX_ERROR_MESSAGE),
    ...(error.additional === undefined || JSON.stringify(error.additional).length > MAX_ADDITIONAL
      ? {}
      : { additional: error.additional }),
  }))
}

/**
 * The entry for a task whose stream failed. The code and the reason are those of whoever failed; what it
 * means for the data and what to do about it is the same for all.
 */
export function streamFailure(jobTaskId: string, thrown: unknown, attempts: number): TaskError {
  const error = toError(thrown)
  const tried = attempts > 1 ? ` after ${attempts} attempts` : ''
  const reason = cut(describe(error), MAX_ERROR_MESSAGE - 400)
  return {
    error_code: error instanceof GleanerError ? error.code : 'ERROR_UNKNOWN',
    message: `job task '${jobTaskId}' could not read everything${tried}: ${reason}. What was read before is kept; nothing counts as gone. ${advice(error)}`,
  }
}

/** Code and reason of a failure in one line, as the progress of a task that will be tried again shows it. */
export function shortFailure(thrown: unknown): string {
  const error = toError(thrown)
  const code = error instanceof GleanerError ? error.code : 'ERROR_UNKNOWN'
  return cut(`${code}: ${describe(error)}`, MAX_ERROR_MESSAGE)
}

/** The entry for a task that ran into its time limit. */
export function timeLimitReached(jobTaskId: string, limitMs: number): TaskError {
  return {
    error_code: 'ERROR_JOB_TASK_TIMEOUT',
    message: `job task '${jobTaskId}' was ended: it ran for more than ${Math.round(limitMs / 60_000)} minutes. What was read before is kept; nothing counts as gone. Narrow what the collector reads, or raise GLEANER_TASK_TIMEOUT_SECONDS of the workers`,
  }
}

/** The entry for a task that outlived too many workers. */
export function workersVanished(jobTaskId: string, attempts: number): TaskError {
  return {
    error_code: 'ERROR_WORKER_LOST',
    message: `job task '${jobTaskId}' was given up: ${attempts} workers in a row vanished while they ran it. What they read is kept; nothing counts as gone. Look at the server's memory and log, then collect again`,
  }
}

/** The entry for a task that no worker may run. */
export function noWorkerCarries(
  jobTaskId: string,
  {
    selector,
    live,
    limitMs,
  }: {
    readonly selector: readonly string[]
    readonly live: readonly (readonly string[])[]
    readonly limitMs: number
  },
): TaskError {
  const workers = live.map((labels) => `{${labels.join(', ')}}`).join(' ') || 'none'
  return {
    error_code: 'ERROR_NO_WORKER',
    message: `job task '${jobTaskId}' was given up: for ${Math.round(limitMs / 1_000)} s no worker has carried all labels of its collector's worker_selector, {${selector.join(', ')}}. Labels of workers that live: ${workers}. Nothing was read by it since; nothing counts as gone. Start a worker with these labels, or change the worker_selector in the collector's settings, then collect again`,
  }
}

/** The entry for a task that somebody canceled. */
export function canceledByRequest(jobTaskId: string): TaskError {
  return {
    error_code: 'ERROR_COLLECT_CANCELED',
    message: `job task '${jobTaskId}' was canceled on request. What was read before is kept; nothing counts as gone. Collect again for the rest`,
  }
}

/** The entry for a task that made place for a newer job. */
export function replacedByNewJob(jobTaskId: string): TaskError {
  return {
    error_code: 'ERROR_COLLECT_REPLACED',
    message: `job task '${jobTaskId}' was canceled: its collector's overlap policy is REPLACE, and a newer job began. What was read before is kept; nothing counts as gone. The newer job reads the rest`,
  }
}

/** The entry for a task that ends because its collector is gone. */
export function collectorDeleted(jobTaskId: string): TaskError {
  return {
    error_code: 'ERROR_COLLECT_CANCELED',
    message: `job task '${jobTaskId}' was canceled: its collector was deleted. What was read before is kept; nothing counts as gone. Nothing needs to be done`,
  }
}

// Only our own error classes are made for readers; anything else may carry SQL, paths or credentials.
function describe(error: Error): string {
  return error instanceof GleanerError ? error.message : 'an unexpected error, which the server log describes'
}

function advice(error: Error): string {
  return error instanceof GleanerError && error.retryable
    ? 'Collect again when the cause has passed'
    : 'Remove the cause, then collect again'
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
