import { lockCollectorRow, type Transaction } from '../../storage/index.ts'
import type { JobStatus } from '../job.ts'
import { enterLanes } from '../take/lanes.ts'
import { jobStatusesBefore } from '../transitions.ts'
import { jobOutcome, type TaskEnd } from './job-outcome.ts'

/** The job whose tasks end, and when. */
type EndingJob = {
  readonly domainId: string
  readonly jobId: string
  readonly collectorId: string
  readonly at: Date
}

/**
 * Locks what the end of a task may change, in the order everybody keeps: collector, job, task. The tasks of
 * one collector therefore end one after the other. Returns how many tasks remain; undefined when the job has
 * ended.
 */
export async function countDownTask(tx: Transaction, job: EndingJob): Promise<number | undefined> {
  const { domainId, jobId, at } = job
  await lockCollectorRow(tx, job)
  const [row] = await tx.query<{ remainedTasks: number }>(
    `update job set remained_tasks = remained_tasks - 1, updated_at = $3
      where domain_id = $1 and job_id = $2 and status in ('CREATED', 'IN_PROGRESS')
  returning remained_tasks`,
    [domainId, jobId, at],
    { name: 'count_down_task' },
  )
  return row?.remainedTasks
}

/** Moves a job whose last task has ended, and dates its collector when the job brought anything. */
export async function endJob(tx: Transaction, job: EndingJob): Promise<JobStatus> {
  const { domainId, jobId, collectorId, at } = job
  const ends = await tx.query<TaskEnd>(
    'select distinct status, timed_out from job_task where domain_id = $1 and job_id = $2',
    [domainId, jobId],
    { name: 'list_task_ends' },
  )
  const status = jobOutcome(ends)
  await tx.query(
    `update job set status = $3, finished_at = $4, updated_at = $4
      where domain_id = $1 and job_id = $2 and status = any($5)`,
    [domainId, jobId, status, at, jobStatusesBefore(status)],
    { name: 'end_job' },
  )
  await tx.query(
    `update collector set last_collected_at = $4
      where domain_id = $1 and collector_id = $3
        and exists (select 1 from job_task
                     where domain_id = $1 and job_id = $2
                       and created_count + updated_count + unchanged_count + type_count + region_count > 0)`,
    [domainId, jobId, collectorId, at],
    { name: 'date_collector' },
  )
  await beginNextJob(tx, job)
  return status
}

// One after the other, in the order they were started. The collector's row is held, so nothing begins beside
// it.
const BEGIN_NEXT = `
update job set status = 'IN_PROGRESS', updated_at = $3
 where domain_id = $1 and job_id = (
         select job_id from job where domain_id = $1 and collector_id = $2 and status = 'CREATED' order by seq limit 1)
   and not exists (
         select 1 from job where domain_id = $1 and collector_id = $2 and status = 'IN_PROGRESS')
returning 1 as begun`

/**
 * Lets the next held-back job of the collector begin when none runs any more. Its tasks get no wake-up of
 * their own: the worker whose task has just ended looks for work right after, and the others every 2 s.
 */
async function beginNextJob(tx: Transaction, { domainId, collectorId, at }: EndingJob): Promise<void> {
  const begun = await tx.query(BEGIN_NEXT, [domainId, collectorId, at], { name: 'begin_next_job' })
  if (begun.length > 0) await enterLanes(tx, [{ domainId, collectorId }])
}
