import type { Context } from '../../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import { lockCollectorRow, type Transaction } from '../../storage/index.ts'
import type { JobStatus } from '../job.ts'
import type { TaskStatus } from '../task.ts'
import { canceledByRequest } from '../task-errors.ts'
import { isFinalJobStatus } from '../transitions.ts'
import { cancelTasks } from './cancel-tasks.ts'

/**
 * Cancels a job: each of its tasks that has not ended does so now, wherever it runs. Canceling what is
 * canceled already changes nothing; a job that ended otherwise is refused.
 */
export async function cancelJob(
  ctx: Context,
  { domainId, jobId }: { readonly domainId: string; readonly jobId: string },
): Promise<void> {
  if (jobId === '') throw new RequiredParameter('job_id')
  const count = await ctx.db.transaction(async (tx) => {
    const job = await lockJob(tx, { domainId, jobId })
    if (job.status === 'CANCELED') return 0
    if (isFinalJobStatus(job.status)) throw hasEnded('job', jobId, job.status)
    const which = { domainId, collectorId: job.collectorId, jobId }
    return (await cancelTasks(tx, which, { at: ctx.now(), reason: canceledByRequest })).count
  })
  ctx.log.info({ domainId, jobId, canceledTasks: count }, 'job canceled')
}

/** Cancels one task; the others of its job go on. Returns the job's id. */
export async function cancelJobTask(
  ctx: Context,
  { domainId, jobTaskId }: { readonly domainId: string; readonly jobTaskId: string },
): Promise<string> {
  if (jobTaskId === '') throw new RequiredParameter('job_task_id')
  const jobId = await ctx.db.transaction(async (tx) => {
    const task = await findTask(tx, { domainId, jobTaskId })
    const { collectorId } = await lockJob(tx, { domainId, jobId: task.jobId })
    const which = { domainId, collectorId, jobId: task.jobId, jobTaskId }
    const { count } = await cancelTasks(tx, which, { at: ctx.now(), reason: canceledByRequest })
    // Read again under the locks: it may have ended between the first look and them.
    const { status } = count > 0 ? { status: 'CANCELED' } : await findTask(tx, { domainId, jobTaskId })
    if (status !== 'CANCELED') throw hasEnded('job task', jobTaskId, status)
    return task.jobId
  })
  ctx.log.info({ domainId, jobId, jobTaskId }, 'job task canceled')
  return jobId
}

type JobKey = { readonly domainId: string; readonly jobId: string }

/** Holds a job's collector, then the job. */
async function lockJob(
  tx: Transaction,
  { domainId, jobId }: JobKey,
): Promise<{ readonly status: JobStatus; readonly collectorId: string }> {
  const [found] = await tx.query<{ collectorId: string }>(
    'select collector_id from job where domain_id = $1 and job_id = $2',
    [domainId, jobId],
  )
  if (found === undefined) throw new NotFound('job', jobId)
  await lockCollectorRow(tx, { domainId, collectorId: found.collectorId })
  const [job] = await tx.query<{ status: JobStatus; collectorId: string }>(
    'select status, collector_id from job where domain_id = $1 and job_id = $2 for update',
    [domainId, jobId],
  )
  if (job === undefined) throw new NotFound('job', jobId)
  return job
}

async function findTask(
  tx: Transaction,
  { domainId, jobTaskId }: { readonly domainId: string; readonly jobTaskId: string },
): Promise<{ readonly jobId: string; readonly status: TaskStatus }> {
  const [task] = await tx.query<{ jobId: string; status: TaskStatus }>(
    'select job_id, status from job_task where domain_id = $1 and job_task_id = $2',
    [domainId, jobTaskId],
  )
  if (task === undefined) throw new NotFound('job task', jobTaskId)
  return task
}

function hasEnded(noun: string, id: string, status: string): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_JOB_STATE',
    `${noun} '${id}' cannot be canceled: it has ended as ${status}. What it collected stays, and nothing was changed`,
  )
}
