import { countOf, formatCount } from '../../../format/count.ts'
import { durationBetween } from '../../../format/time.ts'
import type { JobProgress, ReportedError, TaskProgress } from './job.ts'
import type { WholeJob } from './use-job.ts'

/** How a job stands or ended, in a sentence that says what it means for the inventory. */
export function verdictOf({ job, progress, tasks }: WholeJob, nowMs: number): string {
  const took = durationBetween(job.created_at, job.finished_at, nowMs)
  if (!progress.finished) return `Running for ${took}: ${countsOf(progress)}.`
  if (progress.status === 'SUCCESS') return `Everything was collected in ${took}: ${countsOf(progress)}.`
  if (progress.partial)
    return `Collected in part, in ${took}: ${countsOf(progress)}. What was collected is correct, but more may exist. ${deletionsOf(tasks)}`
  return 'Nothing was collected. The inventory is unchanged.'
}

/** What could not be read keeps nothing from being judged that was read completely. */
function deletionsOf(tasks: WholeJob['tasks']): string {
  const deleted = tasks.reduce((sum, { deleted_count }) => sum + deleted_count, 0)
  if (deleted === 0) return 'Nothing was deleted because of this run.'
  return `${countOf(deleted, 'resource')} that complete lists no longer hold ${deleted === 1 ? 'was' : 'were'} deleted.`
}

function countsOf({ tasks }: JobProgress): string {
  const sum = (key: 'seen_count' | 'created_count' | 'updated_count' | 'unchanged_count' | 'failure_count') =>
    tasks.reduce((total, task) => total + task[key], 0)
  const failed = sum('failure_count')
  const parts = [
    `${countOf(sum('seen_count'), 'resource')} seen`,
    `${formatCount(sum('created_count'))} created`,
    `${formatCount(sum('updated_count'))} updated`,
    `${formatCount(sum('unchanged_count'))} unchanged`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
  ]
  return parts.join(', ')
}

/** How far a task is; undefined where that cannot be said. More than the last run found waits at 99 %. */
export function shareOf(task: TaskProgress, expected: number | undefined): number | undefined {
  if (task.status === 'SUCCESS') return 1
  if (task.status === 'PENDING' || task.status === 'CREATED') return 0
  if (task.status !== 'IN_PROGRESS') return 0
  if (expected === undefined || expected === 0 || task.seen_count === 0) return undefined
  return Math.min(0.99, task.seen_count / expected)
}

export type AlikeErrors = { readonly error: ReportedError; readonly times: number }

/** One wrong setting gives thousands of equal errors; they are read once. */
export function groupAlike(errors: readonly ReportedError[]): readonly AlikeErrors[] {
  const groups = new Map<string, AlikeErrors>()
  for (const error of errors) {
    const key = JSON.stringify(error)
    groups.set(key, { error, times: (groups.get(key)?.times ?? 0) + 1 })
  }
  return [...groups.values()]
}
