import type { JsonObject } from '@bufbuild/protobuf'
import { newId } from '../../core/ids.ts'
import { type Database, lockCollectorRow, type Sql, type Transaction } from '../../storage/index.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import type { TakenTask } from '../task.ts'
import { notedEpoch } from './note-epoch.ts'

const PREPARE_TASK = `
update job_task set is_prepared = true, task_options = $4, epoch = ${notedEpoch('$5')}
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

const GROW_JOB = `
update job set total_tasks = total_tasks + $3, remained_tasks = remained_tasks + $3, updated_at = $4
 where domain_id = $1 and job_id = $2 and status = 'IN_PROGRESS'
returning 1 as open`

// The new parts differ from the first in their options only. Ordinality keeps the plugin's order.
const INSERT_PARTS = `
insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, provider,
                      service_account_id, project_id, status, created_at, is_prepared, task_options, lane_id,
                      cached_filter)
select t.domain_id, p.task_id, t.job_id, t.collector_id, t.contributor_id, t.secret_id, t.provider,
       t.service_account_id, t.project_id, 'PENDING', $3, true, p.options, t.lane_id, t.cached_filter
  from job_task t
 cross join unnest($4::text[], $5::jsonb[]) with ordinality as p (task_id, options, place)
 where t.domain_id = $1 and t.job_task_id = $2
 order by p.place`

const WAITING_BEHIND = `
select job_task_id from job_task
 where domain_id = $1 and contributor_id = $2 and status = 'PENDING' and job_id <> $3
 order by seq
   for update`

type TaskSplit = {
  /** Options of the task itself. */
  readonly first: JsonObject
  /** Options of the tasks that come behind it. */
  readonly others: readonly JsonObject[]
  /** What decides what this attempt can see: see `noteEpoch`. */
  readonly epoch: string
  readonly at: Date
}

/**
 * Makes a task the first part of its work and adds the others to its job, all or nothing, under the task's
 * lease. The job grows by as many tasks as it gets, so that its counts are right at every moment. Throws
 * `LeaseLost` when the attempt has moved on.
 *
 * Parts of one contributor run one after the other, in the order of their numbers; so tasks of later jobs
 * that wait for the same contributor get new numbers behind them. They have never been taken, so nothing
 * knows their old ones.
 */
export async function splitTask(db: Database, task: TakenTask, split: TaskSplit): Promise<void> {
  const { domainId, jobId, jobTaskId } = task
  const { others, at } = split
  // Most work is not split; a statement is a transaction of its own.
  if (others.length === 0) return await storeFirst(db, task, split)
  await db.transaction(async (tx) => {
    await growJob(tx, task, others.length, at)
    await storeFirst(tx, task, split)
    await tx.query(INSERT_PARTS, [
      domainId,
      jobTaskId,
      at,
      others.map(() => newId('jobTask')),
      others.map((options) => JSON.stringify(options)),
    ])
    const waiting = await tx.query<{ jobTaskId: string }>(WAITING_BEHIND, [
      domainId,
      task.contributorId,
      jobId,
    ])
    for (const behind of waiting) {
      await tx.query('update job_task set seq = default where domain_id = $1 and job_task_id = $2', [
        domainId,
        behind.jobTaskId,
      ])
    }
  })
}

async function storeFirst(sql: Sql, task: TakenTask, { first, epoch }: TaskSplit): Promise<void> {
  const { attempt, domainId, jobTaskId } = task
  const params = [domainId, jobTaskId, attempt, JSON.stringify(first), epoch]
  const held = await sql.query(PREPARE_TASK, params, { name: 'prepare_task' })
  if (held.length === 0) throw new LeaseLost(task)
}

/**
 * Locks collector and job before the task, as everybody does; the collector's lock keeps new jobs from
 * slipping in between.
 */
async function growJob(tx: Transaction, task: TakenTask, count: number, at: Date): Promise<void> {
  const { domainId, jobId } = task
  await lockCollectorRow(tx, task)
  const open = await tx.query(GROW_JOB, [domainId, jobId, count, at])
  if (open.length === 0) throw new LeaseLost(task)
}
