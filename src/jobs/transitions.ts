import { JOB_STATUSES, type JobStatus } from './job.ts'
import { TASK_STATUSES, type TaskStatus } from './task.ts'

/**
 * Legal moves of a task.
 * - PENDING waits for a worker, or for its next attempt; it becomes FAILURE when no worker may run it for
 *   too long.
 * - IN_PROGRESS belongs to one worker; it goes back to PENDING when that worker stops, vanishes, or failed
 *   in a way that is worth another attempt.
 * - SUCCESS, FAILURE and CANCELED are final.
 */
export const TASK_MOVES = {
  PENDING: ['IN_PROGRESS', 'FAILURE', 'CANCELED'],
  IN_PROGRESS: ['PENDING', 'SUCCESS', 'FAILURE', 'CANCELED'],
  SUCCESS: [],
  FAILURE: [],
  CANCELED: [],
} as const satisfies Record<TaskStatus, readonly TaskStatus[]>

/** Legal moves of a job. A job is IN_PROGRESS from its first task to the end of its last one. */
export const JOB_MOVES = {
  CREATED: ['IN_PROGRESS', 'CANCELED'],
  IN_PROGRESS: ['SUCCESS', 'ERROR', 'CANCELED', 'TIMEOUT'],
  SUCCESS: [],
  ERROR: [],
  CANCELED: [],
  TIMEOUT: [],
} as const satisfies Record<JobStatus, readonly JobStatus[]>

/** The statuses from which a task may move to this one: the guard of the statement that moves it. */
export function taskStatusesBefore(to: TaskStatus): readonly TaskStatus[] {
  return TASK_STATUSES.filter((from) => includes(TASK_MOVES[from], to))
}

/** The statuses from which a job may move to this one. */
export function jobStatusesBefore(to: JobStatus): readonly JobStatus[] {
  return JOB_STATUSES.filter((from) => includes(JOB_MOVES[from], to))
}

/** True when nothing moves a task out of this status any more. */
export function isFinalTaskStatus(status: TaskStatus): boolean {
  return TASK_MOVES[status].length === 0
}

/** True when nothing moves a job out of this status any more. */
export function isFinalJobStatus(status: JobStatus): boolean {
  return JOB_MOVES[status].length === 0
}

function includes<T extends string>(list: readonly T[], value: T): boolean {
  return list.includes(value)
}
