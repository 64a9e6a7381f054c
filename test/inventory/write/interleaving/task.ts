import { randomBytes } from 'node:crypto'
import { asId, type Id } from '../../../../src/core/ids.ts'
import type { Database } from '../../../../src/storage/index.ts'
import type { Contributor } from '../support.ts'

/** A task in the hands of one attempt. */
export type Task = {
  readonly domainId: string
  readonly collectorId: string
  readonly jobId: string
  readonly jobTaskId: Id<'jobTask'>
  readonly seq: number
  readonly attempt: number
}

/** A job with one task, taken for its first attempt. */
export async function givenTask(db: Database, contributor: Contributor): Promise<Task> {
  const { domainId, collectorId, contributorId } = contributor
  const name = randomBytes(6).toString('hex')
  const [jobId, jobTaskId] = [`job-${name}`, asId<'jobTask'>(`job-task-${name}`)]
  await db.query(
    `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks,
                      remained_tasks, created_at, updated_at)
     values ($1, $2, $3, '{}', 'IN_PROGRESS', 'ALL', 1, 1, now(), now())`,
    [domainId, jobId, collectorId],
  )
  const [row] = await db.query<{ seq: number }>(
    `insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, status, attempt, created_at)
     values ($1, $2, $3, $4, $5, 'IN_PROGRESS', 1, now()) returning seq`,
    [domainId, jobTaskId, jobId, collectorId, contributorId],
  )
  return { domainId, collectorId, jobId, jobTaskId, seq: row?.seq ?? 0, attempt: 1 }
}

/** Takes a task for its next attempt, as a worker does. */
export async function takeOver(db: Database, task: Task): Promise<Task> {
  const [row] = await db.query<{ attempt: number }>(
    `update job_task set attempt = attempt + 1, failure_count = 0, errors = '[]'
      where domain_id = $1 and job_task_id = $2 returning attempt`,
    [task.domainId, task.jobTaskId],
  )
  return { ...task, attempt: row?.attempt ?? 0 }
}

export async function failuresOf(db: Database, task: Task): Promise<number> {
  const [row] = await db.query<{ failureCount: number }>(
    'select failure_count from job_task where domain_id = $1 and job_task_id = $2',
    [task.domainId, task.jobTaskId],
  )
  return row?.failureCount ?? -1
}

export async function countersOf(db: Database, task: Task) {
  const [row] = await db.query<{ created: number; updated: number; unchanged: number }>(
    `select created_count as created, updated_count as updated, unchanged_count as unchanged
       from job_task where domain_id = $1 and job_task_id = $2`,
    [task.domainId, task.jobTaskId],
  )
  if (row === undefined) throw new Error(`task '${task.jobTaskId}' is gone`)
  return row
}
