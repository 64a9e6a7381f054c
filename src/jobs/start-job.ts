import { fromJson } from '@bufbuild/protobuf'
import { toTimestamp } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import { CollectorInfoSchema, JobInfo_Status } from '../gen/spaceone/api/inventory/v1/collector_pb.ts'
import type { Transaction } from '../storage/index.ts'
import type { JobPlan } from './job.ts'
import type { JobView } from './job-entity.ts'
import type { TaskQueue } from './queue.ts'

const INSERT_JOB = `
insert into job (domain_id, job_id, collector_id, collector_info, status, filter, collect_mode,
                 total_tasks, remained_tasks, project_id, created_at, updated_at)
values ($1, $2, $3, $4, 'IN_PROGRESS', $5, $6, $7, $7, $8, $9, $9)`

// All tasks of a job in one statement. The contributors exist by then, and ordinality keeps the planned order.
const INSERT_TASKS = `
insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, provider,
                      service_account_id, project_id, status, created_at)
select $1, p.task_id, $2, $3, c.contributor_id, p.secret_id, p.provider, p.service_account_id, p.project_id,
       'PENDING', $4
  from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       with ordinality as p (task_id, secret_id, provider, service_account_id, project_id, place)
  join contributor c on c.domain_id = $1 and c.collector_id = $3 and c.secret_id = p.secret_id
 order by p.place`

// Only those that are missing: `on conflict` alone waits for a batch that is just giving out slots of one that is there.
const ENSURE_CONTRIBUTORS = `
insert into contributor (domain_id, collector_id, secret_id)
select $1, $2, secret_id from unnest($3::text[]) as s (secret_id)
 where not exists (select 1 from contributor c
                    where c.domain_id = $1 and c.collector_id = $2 and c.secret_id = s.secret_id)
on conflict (domain_id, collector_id, secret_id) do nothing`

/**
 * Stores a planned job, its tasks and their wake-ups in the caller's transaction, which must hold the collector's
 * row: so that the tasks of one contributor become visible in the order of their numbers.
 */
export async function startJob(tx: Transaction, queue: TaskQueue, plan: JobPlan): Promise<JobView> {
  const { domainId, collectorId, tasks } = plan
  const jobId = newId('job')
  await tx.query(INSERT_JOB, [
    domainId,
    jobId,
    collectorId,
    JSON.stringify(plan.collectorInfo),
    JSON.stringify(plan.filter),
    plan.collectMode,
    tasks.length,
    plan.projectId,
    plan.plannedAt,
  ])

  const jobTaskIds = tasks.map(() => newId('jobTask'))
  const secretIds = tasks.map((task) => task.secretId)
  await tx.query(ENSURE_CONTRIBUTORS, [domainId, collectorId, secretIds])
  await tx.query(INSERT_TASKS, [
    domainId,
    jobId,
    collectorId,
    plan.plannedAt,
    jobTaskIds,
    secretIds,
    tasks.map((task) => task.provider),
    tasks.map((task) => task.serviceAccountId),
    tasks.map((task) => task.projectId),
  ])
  for (const jobTaskId of jobTaskIds) await queue.wake(tx, { domainId, jobTaskId })
  return toNewJobView(jobId, plan)
}

// What a reader would see at this moment; by the time of a second query a fast plugin may have ended the job.
function toNewJobView(jobId: string, plan: JobPlan): JobView {
  const plannedAt = toTimestamp(plan.plannedAt)
  return {
    jobId,
    status: JobInfo_Status.IN_PROGRESS,
    filter: plan.filter,
    totalTasks: plan.tasks.length,
    remainedTasks: plan.tasks.length,
    errors: [],
    collectorInfo: fromJson(CollectorInfoSchema, plan.collectorInfo),
    projectId: plan.projectId,
    domainId: plan.domainId,
    createdAt: plannedAt,
    updatedAt: plannedAt,
  }
}
