import type { TaskError } from '../../inventory/index.ts'
import type { Database, Transaction } from '../../storage/index.ts'
import type { JobStatus } from '../job.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import { isUnserved } from '../take/unserved.ts'
import type { TaskLease, TaskStatus } from '../task.ts'
import { boundErrors, MAX_TASK_ERRORS } from '../task-errors.ts'
import { countDownTask, endJob } from './end-job.ts'
import { endRun, type RunOfTask } from './run-of-task.ts'

/** A task that ends, under the lease of its last attempt. */
export type EndingTask = TaskLease & { readonly jobId: string; readonly collectorId: string }

export type TaskEnding = {
  /** SUCCESS becomes FAILURE when the task counted refusals. */
  readonly status: 'SUCCESS' | 'FAILURE' | 'CANCELED'
  /** True when this attempt's stream was read to its end with status OK. */
  readonly complete: boolean
  readonly timedOut?: boolean
  readonly errors?: readonly TaskError[]
  readonly at: Date
}

/**
 * Who ends a task, and what must still be so when it does. It is asked in the statement that ends the task,
 * under its lock: what was seen before may be over.
 */
type EndedBy =
  /**
   * Its attempt. A task that was taken back from it is PENDING, and keeps the attempt number until it is
   * taken again.
   */
  | 'attempt'
  /** The reaper. A worker that had only paused may have renewed the lease since. */
  | 'reaper'
  /**
   * Whoever saw that no worker may run it. One may have come since, or the task may stand in another lane.
   */
  | 'unserved'

/** Where task and job stand afterwards; no job status while other tasks run. */
export type Ended = { readonly task: TaskStatus; readonly job: JobStatus | undefined }

// An entry about the end of the task always finds room: the oldest of a full list makes place for it.
const END_TASK = (stillSo: string) => `
update job_task t
   set status = case when $4 = 'SUCCESS' and failure_count > 0 then 'FAILURE' else $4 end,
       errors = jsonb_path_query_array(errors, '$[0 to $keep]', jsonb_build_object('keep', $5::int)) || $6::jsonb,
       timed_out = $7, finished_at = $8, lease_owner = '', lease_expires_at = null
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and ${stillSo}
returning status, seq, contributor_id, epoch, created_count + updated_count > 0 as has_changed`

const STILL_SO = {
  attempt: `status = 'IN_PROGRESS'`,
  reaper: `status = 'IN_PROGRESS' and lease_expires_at < now()`,
  unserved: `status = 'PENDING' and exists (
     select 1 from lane l
      where l.domain_id = t.domain_id and l.lane_id = t.lane_id and l.unserved_since is not null and ${isUnserved('l')})`,
} as const satisfies Record<EndedBy, string>

type EndedRow = Omit<RunOfTask, 'jobTaskId'> & { readonly status: TaskStatus }

/**
 * Ends a task: its status, the run it was, and, when it was the last one, its job and the date of its
 * collector, all or nothing. Throws `LeaseLost` when the task has moved on.
 */
export async function finishTask(
  db: Database,
  task: EndingTask,
  ending: TaskEnding,
  by: EndedBy = 'attempt',
): Promise<Ended> {
  return await db.transaction((tx) => finishTaskIn(tx, task, ending, by))
}

async function finishTaskIn(
  tx: Transaction,
  task: EndingTask,
  ending: TaskEnding,
  by: EndedBy,
): Promise<Ended> {
  // Others do it between what they are there for, and try again later: a collector that somebody holds keeps
  // them from no other task.
  if (by !== 'attempt') await tx.query(`set local lock_timeout = '1s'`)
  const job = { ...task, at: ending.at }
  const remained = await countDownTask(tx, job)
  if (remained === undefined) throw new LeaseLost(task)
  const errors = boundErrors(ending.errors ?? [])
  const params = [
    task.domainId,
    task.jobTaskId,
    task.attempt,
    ending.status,
    MAX_TASK_ERRORS - errors.length - 1,
    JSON.stringify(errors),
    ending.timedOut ?? false,
    ending.at,
  ]
  const [row] = await tx.query<EndedRow>(END_TASK(STILL_SO[by]), params, { name: `end_task_by_${by}` })
  if (row === undefined) throw new LeaseLost(task)
  if (task.attempt > 0) {
    const { domainId, jobTaskId } = task
    await endRun(tx, { ...row, domainId, jobTaskId }, ending)
  }
  return { task: row.status, job: remained === 0 ? await endJob(tx, job) : undefined }
}
