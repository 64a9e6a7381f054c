import type { Context } from '../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../core/errors.ts'
import { type Transaction, textArray } from '../storage/index.ts'
import type { JobStatus } from './job.ts'
import { isFinalJobStatus } from './transitions.ts'

/**
 * Removes a job that has ended, and its tasks. What they collected and what they changed stays, and still
 * names the job: readers of the history ask for it.
 */
export async function deleteJob(
  ctx: Context,
  { domainId, jobId }: { readonly domainId: string; readonly jobId: string },
): Promise<void> {
  if (jobId === '') throw new RequiredParameter('job_id')
  await ctx.db.transaction(async (tx) => {
    const job = { domainId, jobId }
    assertEnded(jobId, await lockJob(tx, job))
    await keepTasks(tx, 'job_id', { domainId, ids: [jobId] })
    await tx.query('delete from job where domain_id = $1 and job_id = $2', [domainId, jobId])
  })
  ctx.log.info({ domainId, jobId }, 'job deleted')
}

/** Removes one task of a job that has ended; the job keeps its status and its totals. */
export async function deleteJobTask(
  ctx: Context,
  { domainId, jobTaskId }: { readonly domainId: string; readonly jobTaskId: string },
): Promise<void> {
  if (jobTaskId === '') throw new RequiredParameter('job_task_id')
  await ctx.db.transaction(async (tx) => {
    const key = [domainId, jobTaskId]
    const [task] = await tx.query<{ jobId: string }>(
      'select job_id from job_task where domain_id = $1 and job_task_id = $2',
      key,
    )
    if (task === undefined) throw new NotFound('job task', jobTaskId)
    // The job decides, not the task: what it became is read from its tasks when the last one ends.
    assertEnded(task.jobId, await lockJob(tx, { domainId, jobId: task.jobId }))
    await keepTasks(tx, 'job_task_id', { domainId, ids: [jobTaskId] })
    const gone = await tx.query(
      'delete from job_task where domain_id = $1 and job_task_id = $2 returning 1 as was_there',
      key,
    )
    if (gone.length === 0) throw new NotFound('job task', jobTaskId)
  })
  ctx.log.info({ domainId, jobTaskId }, 'job task deleted')
}

const KEEP_TASKS = `
insert into past_task (domain_id, job_task_id, seq, job_id, collector_id, provider, service_account_id, ended_at)
select domain_id, job_task_id, seq, job_id, collector_id, provider, service_account_id,
       coalesce(finished_at, started_at, created_at)
  from job_task t`

// Whatever its run says of completeness must be the same without the job.
const KEEP_MEANING = `
update run r set meant_all = j.collect_mode = 'ALL' and j.filter = '{}' and t.cached_filter = '{}'
  from job_task t join job j on j.domain_id = t.domain_id and j.job_id = t.job_id
 where r.domain_id = t.domain_id and r.contributor_id = t.contributor_id and r.task_seq = t.seq and`

/** Remembers of tasks that go what the history and the ledger need of them. */
export async function keepTasks(
  tx: Transaction,
  column: 'job_id' | 'job_task_id',
  { domainId, ids }: { readonly domainId: string; readonly ids: readonly string[] },
): Promise<void> {
  const which = `t.domain_id = $1 and t.${column} = any($2::text[])`
  await tx.query(`${KEEP_TASKS} where ${which}`, [domainId, textArray(ids)])
  await tx.query(`${KEEP_MEANING} ${which}`, [domainId, textArray(ids)])
}

async function lockJob(
  tx: Transaction,
  { domainId, jobId }: { readonly domainId: string; readonly jobId: string },
): Promise<JobStatus> {
  const [row] = await tx.query<{ status: JobStatus }>(
    'select status from job where domain_id = $1 and job_id = $2 for update',
    [domainId, jobId],
  )
  if (row === undefined) throw new NotFound('job', jobId)
  return row.status
}

function assertEnded(jobId: string, status: JobStatus): void {
  if (isFinalJobStatus(status)) return
  throw new FailedPrecondition(
    'ERROR_JOB_STATE',
    `job '${jobId}' is ${status}, so it and its tasks cannot be deleted; nothing was changed. Wait until it has ended`,
  )
}
