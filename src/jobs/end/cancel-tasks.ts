import type { TaskError } from '../../inventory/index.ts'
import { jsonbArray, type Transaction, textArray } from '../../storage/index.ts'
import { noticeCanceled } from '../queue/task-notices.ts'
import { boundErrors, collectorDeleted, MAX_TASK_ERRORS } from '../task-errors.ts'
import { endJob } from './end-job.ts'
import type { Ended } from './finish-task.ts'
import { endRun, type RunOfTask } from './run-of-task.ts'

/** Which open tasks are to end: all of a collector, of a job, or one. */
type TasksToCancel = {
  readonly domainId: string
  readonly collectorId: string
  readonly jobId?: string
  readonly jobTaskId?: string
}

type Cancellation = {
  readonly at: Date
  /** Why a task was canceled, as an entry for its errors. */
  readonly reason: (jobTaskId: string) => TaskError
}

// Jobs before tasks, as everybody locks them. The tasks are locked too: their attempt number must not move
// on.
const LOCK_JOBS = `
select 1 from job
 where domain_id = $1 and collector_id = $2 and ($3::text is null or job_id = $3) and status in ('CREATED', 'IN_PROGRESS')
 order by job_id
   for update`

const LOCK_TASKS = `
select job_id, job_task_id, status = 'IN_PROGRESS' as is_running from job_task
 where domain_id = $1 and collector_id = $2 and ($3::text is null or job_id = $3)
   and ($4::text is null or job_task_id = $4) and status in ('PENDING', 'IN_PROGRESS')
 order by job_task_id
   for update`

/**
 * Ends open tasks as CANCELED; the caller's transaction holds the collector's row, if there still is one.
 * What was written stays. A worker that runs one of them hears of it when the transaction commits, stops the
 * plugin's stream, and writes nothing more. Returns how many, and the state of the job that the last of them
 * left.
 */
export async function cancelTasks(
  tx: Transaction,
  which: TasksToCancel,
  { at, reason }: Cancellation,
): Promise<{ readonly count: number; readonly job: Ended['job'] }> {
  const { domainId, collectorId, jobId = null, jobTaskId = null } = which
  await tx.query(LOCK_JOBS, [domainId, collectorId, jobId])
  const open = await tx.query<OpenTask>(LOCK_TASKS, [domainId, collectorId, jobId, jobTaskId])
  if (open.length === 0) return { count: 0, job: undefined }
  const tasks = open.map((task) => ({ ...task, error: reason(task.jobTaskId) }))
  for (const task of await endTasks(tx, { domainId, at }, tasks)) {
    if (task.attempt > 0) await endRun(tx, { ...task, domainId }, { complete: false, at })
  }
  const job = await countDownJobs(tx, { domainId, collectorId, at }, tasks)
  await noticeCanceled(
    tx,
    tasks.filter(({ isRunning }) => isRunning).map((task) => task.jobTaskId),
  )
  return { count: tasks.length, job }
}

type OpenTask = { readonly jobId: string; readonly jobTaskId: string; readonly isRunning: boolean }

type Ending = { readonly domainId: string; readonly at: Date }

// By key in one statement, however many: the rows are locked. The entry finds room as at every other end of a
// task.
const END_TASKS = `
update job_task t
   set status = 'CANCELED', timed_out = false, finished_at = $4, lease_owner = '', lease_expires_at = null,
       errors = jsonb_path_query_array(t.errors, '$[0 to $keep]', jsonb_build_object('keep', $5::int))
                || jsonb_build_array(k.error)
  from unnest($2::text[], $3::jsonb[]) as k (job_task_id, error)
 where t.domain_id = $1 and t.job_task_id = any($2::text[]) and t.job_task_id = k.job_task_id
returning t.job_task_id, t.attempt, t.seq, t.contributor_id, t.epoch, t.created_count + t.updated_count > 0 as has_changed`

/** In the order of their keys, as everybody closes runs. */
async function endTasks(
  tx: Transaction,
  { domainId, at }: Ending,
  tasks: readonly (OpenTask & { readonly error: TaskError })[],
): Promise<readonly CanceledTask[]> {
  const ended = await tx.query<CanceledTask>(END_TASKS, [
    domainId,
    textArray(tasks.map(({ jobTaskId }) => jobTaskId)),
    jsonbArray(tasks.map(({ error }) => JSON.stringify(boundErrors([error])[0]))),
    at,
    MAX_TASK_ERRORS - 2,
  ])
  return ended.toSorted((a, b) => (a.jobTaskId < b.jobTaskId ? -1 : 1))
}

type CanceledTask = RunOfTask & { readonly attempt: number }

const COUNT_DOWN = `
update job set remained_tasks = remained_tasks - $3, updated_at = $4 where domain_id = $1 and job_id = $2
returning remained_tasks`

/**
 * Takes the tasks off what remains of their jobs, then ends those that have nothing left: what begins after
 * one sees all counts.
 */
async function countDownJobs(
  tx: Transaction,
  { domainId, collectorId, at }: Ending & { readonly collectorId: string },
  tasks: readonly OpenTask[],
): Promise<Ended['job']> {
  const finished: string[] = []
  for (const [jobId, ofJob] of Map.groupBy(tasks, (task) => task.jobId)) {
    const [row] = await tx.query<{ remainedTasks: number }>(COUNT_DOWN, [domainId, jobId, ofJob.length, at])
    if (row?.remainedTasks === 0) finished.push(jobId)
  }
  let job: Ended['job']
  for (const jobId of finished) job = await endJob(tx, { domainId, jobId, collectorId, at })
  return job
}

/**
 * Cancels every open task of a collector that is being deleted; the caller's transaction holds the
 * collector's row.
 */
export async function cancelTasksOfCollector(
  tx: Transaction,
  collector: { readonly domainId: string; readonly collectorId: string; readonly at: Date },
): Promise<number> {
  const { count } = await cancelTasks(tx, collector, { at: collector.at, reason: collectorDeleted })
  return count
}
