import { newId } from '../../core/ids.ts'
import type { TaskError } from '../../inventory/index.ts'
import { jsonbArray, type Transaction, textArray, timestamptzArray } from '../../storage/index.ts'
import type { JobPlan } from '../job.ts'
import { boundErrors } from '../task-errors.ts'

const INSERT_REFUSED = `
insert into job (domain_id, job_id, collector_id, collector_info, status, filter, collect_mode, total_tasks,
                 remained_tasks, errors, project_id, created_at, updated_at, finished_at)
select p.domain_id, p.job_id, p.collector_id, p.collector_info, 'ERROR', p.filter, p.collect_mode, 0,
       0, p.errors, p.project_id, p.planned_at, p.planned_at, p.planned_at
  from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::jsonb[], $8::text[],
              $9::timestamptz[])
       with ordinality as p (domain_id, job_id, collector_id, collector_info, filter, collect_mode, errors,
                             project_id, planned_at, place)
 order by p.place`

/** A job that nobody waits for and that cannot begin, and why. Its plan has no tasks. */
export type RefusedJob = { readonly plan: JobPlan; readonly error: TaskError }

/** Stores jobs that have ended before they began, so that whoever looks finds a reason and not silence. */
export async function refuseJobs(tx: Transaction, jobs: readonly RefusedJob[]): Promise<void> {
  if (jobs.length === 0) return
  const plans = jobs.map(({ plan }) => plan)
  await tx.query(INSERT_REFUSED, [
    textArray(plans.map((plan) => plan.domainId)),
    textArray(plans.map(() => newId('job'))),
    textArray(plans.map((plan) => plan.collectorId)),
    jsonbArray(plans.map((plan) => JSON.stringify(plan.collectorInfo))),
    jsonbArray(plans.map((plan) => JSON.stringify(plan.filter))),
    textArray(plans.map((plan) => plan.collectMode)),
    jsonbArray(jobs.map(({ error }) => JSON.stringify(boundErrors([error])))),
    textArray(plans.map((plan) => plan.projectId)),
    timestamptzArray(plans.map((plan) => plan.plannedAt)),
  ])
}
