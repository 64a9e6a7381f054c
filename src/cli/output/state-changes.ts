import type { JobProgress, TaskProgress } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import { escapeText } from './escape.ts'
import { durationBetween } from './time.ts'

/**
 * What happened between two looks at a job, one line each: for logs and pipes, where nothing can be redrawn.
 */
export function stateChanges(
  before: JobProgress | undefined,
  after: JobProgress,
  now: Date,
): readonly string[] {
  const known = new Map(before?.tasks.map((task) => [task.taskId, task]))
  return after.tasks
    .filter((task) => hasMoved(known.get(task.taskId), task))
    .map((task) => escapeText(`${task.taskId}: ${stateOf(task, now)}`))
}

function hasMoved(before: TaskProgress | undefined, after: TaskProgress): boolean {
  return before?.status !== after.status || before.attempt !== after.attempt
}

function stateOf(task: TaskProgress, now: Date): string {
  if (task.status === 'PENDING') return task.attempt === 0 ? 'PENDING' : 'PENDING, will be tried again'
  if (task.status === 'IN_PROGRESS') return `IN_PROGRESS, attempt ${task.attempt}`
  const time = durationBetween(task.startedAt, task.finishedAt, now)
  return `${task.status} in ${time}: ${countsInWords(task)}`
}

/** The counters of a task, or their sums over several, as part of a sentence. */
export function countsInWords(counts: TaskCounts): string {
  const failed = counts.failed === 0 ? '' : `, ${formatCount(counts.failed)} failed`
  return (
    `${countOf(counts.seen, 'resource')} seen, ${formatCount(counts.created)} created, ` +
    `${formatCount(counts.updated)} updated, ${formatCount(counts.unchanged)} unchanged${failed}`
  )
}

export type TaskCounts = Pick<TaskProgress, 'seen' | 'created' | 'updated' | 'unchanged' | 'failed'>
