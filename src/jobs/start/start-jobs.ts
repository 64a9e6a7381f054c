import type { GleanerError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { traceHeaders } from '../../core/trace.ts'
import {
  boolArray,
  int4Array,
  jsonbArray,
  type Transaction,
  textArray,
  timestamptzArray,
} from '../../storage/index.ts'
import type { JobPlan, TaskPlan } from '../job.ts'
import type { TaskQueue } from '../queue/queue.ts'
import { findLanes } from '../take/lanes.ts'
import { type Admission, admitJobs } from './admit-jobs.ts'

const INSERT_JOBS = `
insert into job (domain_id, job_id, collector_id, collector_info, status, filter, collect_mode,
                 total_tasks, remained_tasks, project_id, created_at, updated_at, trace_parent)
select p.domain_id, p.job_id, p.collector_id, p.collector_info, p.status, p.filter, p.collect_mode,
       p.total_tasks, p.total_tasks, p.project_id, p.planned_at, p.planned_at, p.trace_parent
  from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::int4[], $8::text[],
              $9::timestamptz[], $10::text[], $11::text[])
       with ordinality as p (domain_id, job_id, collector_id, collector_info, filter, collect_mode, total_tasks,
                             project_id, planned_at, status, trace_parent, place)
 order by p.place`

// The contributors exist by then, and ordinality keeps the planned order. Lanes come from the caller: an
// update of what has just been inserted would have to be found again, by a planner whose statistics know none
// of it.
const INSERT_TASKS = `
insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, provider,
                      service_account_id, project_id, lane_id, status, created_at, cached_filter)
select p.domain_id, p.task_id, p.job_id, p.collector_id, c.contributor_id, p.secret_id, p.provider,
       p.service_account_id, p.project_id, p.lane_id, 'PENDING', p.planned_at, coalesce(f.filter, '{}')
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::timestamptz[], $10::int4[], $11::bool[])
       with ordinality as p (domain_id, task_id, job_id, collector_id, secret_id, provider, service_account_id,
                             project_id, planned_at, lane_id, uses_cache, place)
  join contributor c on c.domain_id = p.domain_id and c.collector_id = p.collector_id and c.secret_id = p.secret_id
  left join filter_cache f on p.uses_cache and f.domain_id = c.domain_id and f.contributor_id = c.contributor_id
                          and f.stored_at > p.planned_at - interval '24 hours'
 order by p.place`

// Only those that are missing: `on conflict` alone waits for a batch that is just giving out slots of one
// that is there.
const ENSURE_CONTRIBUTORS = `
insert into contributor (domain_id, collector_id, secret_id)
select distinct domain_id, collector_id, secret_id
  from unnest($1::text[], $2::text[], $3::text[]) as s (domain_id, collector_id, secret_id)
 where not exists (select 1 from contributor c where c.domain_id = s.domain_id
                      and c.collector_id = s.collector_id and c.secret_id = s.secret_id)
on conflict (domain_id, collector_id, secret_id) do nothing`

/** What became of a planned job: its id and where it stands, or why there is none. */
export type JobStart =
  | { readonly kind: 'started'; readonly jobId: string; readonly status: 'IN_PROGRESS' | 'CREATED' }
  | { readonly kind: 'skipped'; readonly reason: GleanerError }

/**
 * Stores planned jobs, their tasks and their wake-ups in the caller's transaction, in one statement per table
 * however many they are, as far as the overlap policies of their collectors admit them. Says of each plan, in
 * their order, what became of it. The caller must hold the rows of their collectors: so that the tasks of one
 * contributor become visible in the order of their numbers.
 */
export async function startJobs(
  tx: Transaction,
  queue: TaskQueue,
  plans: readonly JobPlan[],
): Promise<readonly JobStart[]> {
  if (plans.length === 0) return []
  const admissions = await admitJobs(tx, plans)
  const starts = admissions.map(toStart)
  const jobs = plans.flatMap((plan, at) => {
    const start = starts[at]
    return start?.kind === 'started' ? [{ ...plan, ...start }] : []
  })
  if (jobs.length > 0) await storeJobs(tx, queue, jobs)
  return starts
}

function toStart(admission: Admission): JobStart {
  if (admission.kind === 'skip') return { kind: 'skipped', reason: admission.reason }
  return {
    kind: 'started',
    jobId: newId('job'),
    status: admission.kind === 'hold' ? 'CREATED' : 'IN_PROGRESS',
  }
}

async function storeJobs(tx: Transaction, queue: TaskQueue, jobs: readonly NewJob[]): Promise<void> {
  await insertJobs(tx, jobs)
  const lanes = await findLanes(tx, jobs)
  const tasks = jobs.flatMap((job, at) => {
    // Those of a job that is held back enter a lane when it begins.
    const laneId = job.status === 'CREATED' ? null : (lanes[at] ?? null)
    return job.tasks.map((task) => ({ ...task, job, laneId, jobTaskId: newId('jobTask') }))
  })
  await insertTasks(tx, tasks)
  await queue.wakeAll(
    tx,
    tasks.map(({ job, jobTaskId }) => ({ domainId: job.domainId, jobTaskId })),
  )
}

type NewJob = JobPlan & { readonly jobId: string; readonly status: 'IN_PROGRESS' | 'CREATED' }
type NewTask = TaskPlan & {
  readonly job: NewJob
  readonly laneId: number | null
  readonly jobTaskId: string
}

async function insertJobs(tx: Transaction, jobs: readonly NewJob[]): Promise<void> {
  const { traceparent: traceParent } = traceHeaders()
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
    textArray(jobs.map((job) => job.status)),
    textArray(jobs.map((job) => job.traceParent ?? traceParent ?? null)),
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
    int4Array(tasks.map(({ laneId }) => laneId)),
    boolArray(tasks.map(({ job }) => job.usesCache ?? false)),
  ])
}
