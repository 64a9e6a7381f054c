import { newId } from '../core/ids.ts'
import { int4Array, jsonbArray, type Transaction, textArray, timestamptzArray } from '../storage/index.ts'
import type { JobPlan, TaskPlan } from './job.ts'
import type { TaskQueue } from './queue.ts'

const INSERT_JOBS = `
insert into job (domain_id, job_id, collector_id, collector_info, status, filter, collect_mode,
                 total_tasks, remained_tasks, project_id, created_at, updated_at)
select p.domain_id, p.job_id, p.collector_id, p.collector_info, 'IN_PROGRESS', p.filter, p.collect_mode,
       p.total_tasks, p.total_tasks, p.project_id, p.planned_at, p.planned_at
  from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::int4[], $8::text[],
              $9::timestamptz[])
       with ordinality as p (domain_id, job_id, collector_id, collector_info, filter, collect_mode, total_tasks,
                             project_id, planned_at, place)
 order by p.place`

// The contributors exist by then, and ordinality keeps the planned order.
const INSERT_TASKS = `
insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, provider,
                      service_account_id, project_id, status, created_at)
select p.domain_id, p.task_id, p.job_id, p.collector_id, c.contributor_id, p.secret_id, p.provider,
       p.service_account_id, p.project_id, 'PENDING', p.planned_at
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::timestamptz[])
       with ordinality as p (domain_id, task_id, job_id, collector_id, secret_id, provider, service_account_id,
                             project_id, planned_at, place)
  join contributor c on c.domain_id = p.domain_id and c.collector_id = p.collector_id and c.secret_id = p.secret_id
 order by p.place`

// Only those that are missing: `on conflict` alone waits for a batch that is just giving out slots of one that is there.
const ENSURE_CONTRIBUTORS = `
insert into contributor (domain_id, collector_id, secret_id)
select distinct domain_id, collector_id, secret_id
  from unnest($1::text[], $2::text[], $3::text[]) as s (domain_id, collector_id, secret_id)
 where not exists (select 1 from contributor c where c.domain_id = s.domain_id
                      and c.collector_id = s.collector_id and c.secret_id = s.secret_id)
on conflict (domain_id, collector_id, secret_id) do nothing`

/**
 * Stores planned jobs, their tasks and their wake-ups in the caller's transaction, in one statement per table however
 * many they are, and returns the jobs' ids in the order of the plans. The caller must hold the rows of their
 * collectors: so that the tasks of one contributor become visible in the order of their numbers.
 */
export async function startJobs(
  tx: Transaction,
  queue: TaskQueue,
  plans: readonly JobPlan[],
): Promise<readonly string[]> {
  const jobs = plans.map((plan) => ({ ...plan, jobId: newId('job') }))
  await insertJobs(tx, jobs)
  const tasks = jobs.flatMap((job) =>
    job.tasks.map((task) => ({ ...task, job, jobTaskId: newId('jobTask') })),
  )
  await insertTasks(tx, tasks)
  await queue.wakeAll(
    tx,
    tasks.map(({ job, jobTaskId }) => ({ domainId: job.domainId, jobTaskId })),
  )
  return jobs.map(({ jobId }) => jobId)
}

type NewJob = JobPlan & { readonly jobId: string }
type NewTask = TaskPlan & { readonly job: NewJob; readonly jobTaskId: string }

async function insertJobs(tx: Transaction, jobs: readonly NewJob[]): Promise<void> {
  await tx.query(INSERT_JOBS, [
    textArray(jobs.map((job) => job.domainId)),
    textArray(jobs.map((job) => job.jobId)),
    textArray(jobs.map((job) => job.collectorId)),
    jsonbArray(jobs.map((job) => JSON.stringify(job.collectorInfo))),
    jsonbArray(jobs.map((job) => JSON.stringify(job.filter))),
    textArray(jobs.map((job) => job.collectMode)),
    int4Array(jobs.map((job) => job.tasks.length)),
    textArray(jobs.map((job) => job.projectId)),
    timestamptzArray(jobs.map((job) => job.plannedAt)),
  ])
}

async function insertTasks(tx: Transaction, tasks: readonly NewTask[]): Promise<void> {
  const domainIds = textArray(tasks.map(({ job }) => job.domainId))
  const collectorIds = textArray(tasks.map(({ job }) => job.collectorId))
  const secretIds = textArray(tasks.map((task) => task.secretId))
  await tx.query(ENSURE_CONTRIBUTORS, [domainIds, collectorIds, secretIds])
  await tx.query(INSERT_TASKS, [
    domainIds,
    textArray(tasks.map((task) => task.jobTaskId)),
    textArray(tasks.map(({ job }) => job.jobId)),
    collectorIds,
    secretIds,
    textArray(tasks.map((task) => task.provider)),
    textArray(tasks.map((task) => task.serviceAccountId)),
    textArray(tasks.map((task) => task.projectId)),
    timestamptzArray(tasks.map(({ job }) => job.plannedAt)),
  ])
}
