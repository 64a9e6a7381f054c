import { asId } from '../core/ids.ts'
import type { TaskError } from '../inventory/index.ts'
import type { Transaction } from '../storage/index.ts'
import { type Ended, finishTaskIn } from './finish-task.ts'
import { collectorDeleted } from './task-errors.ts'
import { noticeCanceled } from './task-notices.ts'

/** Which open tasks are to end: all of a collector, of a job, or one. */
export type TasksToCancel = {
  readonly domainId: string
  readonly collectorId: string
  readonly jobId?: string
  readonly jobTaskId?: string
}

export type Cancellation = {
  readonly at: Date
  /** Why a task was canceled, as an entry for its errors. */
  readonly reason: (jobTaskId: string) => TaskError
}

// Jobs before tasks, as everybody locks them. The tasks are locked too: their attempt number must not move on.
const LOCK_JOBS = `
select 1 from job
 where domain_id = $1 and collector_id = $2 and ($3::text is null or job_id = $3) and status in ('CREATED', 'IN_PROGRESS')
 order by job_id
   for update`

const LOCK_TASKS = `
select job_id, job_task_id, attempt, status = 'IN_PROGRESS' as is_running from job_task
 where domain_id = $1 and collector_id = $2 and ($3::text is null or job_id = $3)
   and ($4::text is null or job_task_id = $4) and status in ('PENDING', 'IN_PROGRESS')
 order by job_task_id
   for update`

/**
 * Ends open tasks as CANCELED; the caller's transaction holds the collector's row, if there still is one. What was written
 * stays. A worker that runs one of them hears of it when the transaction commits, stops the plugin's stream, and writes
 * nothing more. Returns how many, and the state of the job that the last of them left.
 */
export async function cancelTasks(
  tx: Transaction,
  which: TasksToCancel,
  { at, reason }: Cancellation,
): Promise<{ readonly count: number; readonly job: Ended['job'] }> {
  const { domainId, collectorId, jobId = null, jobTaskId = null } = which
  await tx.query(LOCK_JOBS, [domainId, collectorId, jobId])
  const tasks = await tx.query<OpenTask>(LOCK_TASKS, [domainId, collectorId, jobId, jobTaskId])
  let job: Ended['job']
  for (const open of tasks) {
    const task = { ...open, domainId, collectorId, jobTaskId: asId<'jobTask'>(open.jobTaskId) }
    const ended = await finishTaskIn(tx, task, {
      status: 'CANCELED',
      complete: false,
      errors: [reason(open.jobTaskId)],
      at,
    })
    job = ended.job
  }
  await noticeCanceled(
    tx,
    tasks.filter(({ isRunning }) => isRunning).map((task) => task.jobTaskId),
  )
  return { count: tasks.length, job }
}

type OpenTask = {
  readonly jobId: string
  readonly jobTaskId: string
  readonly attempt: number
  readonly isRunning: boolean
}

/** Cancels every open task of a collector that is being deleted; the caller's transaction holds the collector's row. */
export async function cancelTasksOfCollector(
  tx: Transaction,
  collector: { readonly domainId: string; readonly collectorId: string; readonly at: Date },
): Promise<number> {
  const { count } = await cancelTasks(tx, collector, { at: collector.at, reason: collectorDeleted })
  return count
}
