import type { Context } from '../../access/index.ts'
import { RequiredParameter } from '../../core/errors.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../../query/index.ts'
import { type JobView, jobEntity } from './job-entity.ts'
import { type JobTaskView, jobTaskEntity } from './job-task-entity.ts'

/** Lists jobs, newest first unless ordered otherwise. */
export async function listJobs(ctx: Context, input: ListInput): Promise<Page<JobView>> {
  return await listEntities(ctx, jobEntity, input)
}

/** Reads one job; an unknown id is NOT_FOUND. */
export async function getJob(
  ctx: Context,
  input: { readonly domainId: string; readonly jobId: string; readonly only?: readonly string[] },
): Promise<JobView> {
  if (input.jobId === '') throw new RequiredParameter('job_id')
  return await getEntity(ctx, jobEntity, { ...input, id: input.jobId })
}

/** Lists job tasks, newest first unless ordered otherwise. */
export async function listJobTasks(ctx: Context, input: ListInput): Promise<Page<JobTaskView>> {
  return await listEntities(ctx, jobTaskEntity, input)
}

/** Reads one job task; an unknown id is NOT_FOUND. */
export async function getJobTask(
  ctx: Context,
  input: { readonly domainId: string; readonly jobTaskId: string; readonly only?: readonly string[] },
): Promise<JobTaskView> {
  if (input.jobTaskId === '') throw new RequiredParameter('job_task_id')
  return await getEntity(ctx, jobTaskEntity, { ...input, id: input.jobTaskId })
}
