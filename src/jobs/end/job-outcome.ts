import type { JobStatus } from '../job.ts'
import type { TaskStatus } from '../task.ts'

/** How a task of the job ended; `timedOut` marks a CANCELED one that its time limit ended. */
export type TaskEnd = { readonly status: TaskStatus; readonly timedOut: boolean }

/**
 * The status of a job whose tasks have all ended: any FAILURE makes it ERROR, else a task that ran out of
 * time makes it TIMEOUT, else a CANCELED one makes it CANCELED. A job without tasks has nothing to say
 * against SUCCESS.
 */
export function jobOutcome(tasks: readonly TaskEnd[]): JobStatus {
  if (tasks.some((task) => task.status === 'FAILURE')) return 'ERROR'
  if (tasks.some((task) => task.timedOut)) return 'TIMEOUT'
  if (tasks.some((task) => task.status === 'CANCELED')) return 'CANCELED'
  return 'SUCCESS'
}
