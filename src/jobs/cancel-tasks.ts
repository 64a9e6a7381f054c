import { asId } from '../core/ids.ts'
import type { Transaction } from '../storage/index.ts'
import { finishTaskIn } from './finish-task.ts'
import { collectorDeleted } from './task-errors.ts'

/**
 * Cancels every open task of a collector that is being deleted; the caller's transaction holds the collector's row.
 * A worker that runs one of them notices at its next batch or renewal, and writes nothing more. Returns how many.
 */
export async function cancelTasksOfCollector(
  tx: Transaction,
  collector: { readonly domainId: string; readonly collectorId: string; readonly at: Date },
): Promise<number> {
  const { domainId, collectorId, at } = collector
  // Jobs before tasks, as everybody locks them. The tasks are locked too: their attempt number must not move on.
  await tx.query(
    `select 1 from job where domain_id = $1 and collector_id = $2 and status = 'IN_PROGRESS' order by job_id for update`,
    [domainId, collectorId],
  )
  const tasks = await tx.query<{ jobId: string; jobTaskId: string; attempt: number }>(
    `select job_id, job_task_id, attempt from job_task
      where domain_id = $1 and collector_id = $2 and status in ('PENDING', 'IN_PROGRESS')
      order by job_task_id for update`,
    [domainId, collectorId],
  )
  for (const { jobId, jobTaskId, attempt } of tasks) {
    const task = { domainId, collectorId, jobId, attempt, jobTaskId: asId<'jobTask'>(jobTaskId) }
    await finishTaskIn(tx, task, {
      status: 'CANCELED',
      complete: false,
      errors: [collectorDeleted(jobTaskId)],
      at,
    })
  }
  return tasks.length
}
