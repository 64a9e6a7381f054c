import { FailedPrecondition, type GleanerError } from '../../core/errors.ts'
import { type Transaction, textArray } from '../../storage/index.ts'
import { cancelTasks } from '../end/cancel-tasks.ts'
import type { JobPlan } from '../job.ts'
import { replacedByNewJob } from '../task-errors.ts'
import { decideOverlap, MAX_OPEN_JOBS, type OverlapPolicy } from './overlap.ts'

/** What the overlap policy of its collector makes of a planned job. */
export type Admission =
  | { readonly kind: 'start' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'skip'; readonly reason: GleanerError }

// Few rows: the open jobs of these collectors, found by job_open.
const READ_OPEN = `
select p.domain_id, p.collector_id, coalesce(s.overlap_policy, 'PARALLEL') as policy,
       array(select j.job_id from job j
              where j.domain_id = p.domain_id and j.collector_id = p.collector_id and j.status in ('CREATED', 'IN_PROGRESS')
              order by j.seq) as open_jobs
  from (select distinct * from unnest($1::text[], $2::text[]) as p (domain_id, collector_id)) p
  left join collector_settings s on s.domain_id = p.domain_id and s.collector_id = p.collector_id`

type CollectorState = {
  readonly domainId: string
  readonly collectorId: string
  readonly policy: OverlapPolicy
  readonly openJobs: string[]
}

/**
 * Asks the overlap policy of each plan's collector, in the order of the plans, and cancels what a new job
 * replaces. The transaction holds the collectors' rows, so that nobody else starts or ends a job of theirs
 * meanwhile.
 */
export async function admitJobs(tx: Transaction, plans: readonly JobPlan[]): Promise<readonly Admission[]> {
  const states = await tx.query<CollectorState>(READ_OPEN, [
    textArray(plans.map((plan) => plan.domainId)),
    textArray(plans.map((plan) => plan.collectorId)),
  ])
  const byCollector = new Map(states.map((state) => [keyOf(state), state]))
  const admissions: Admission[] = []
  for (const plan of plans) {
    const state = byCollector.get(keyOf(plan)) ?? { ...plan, policy: 'PARALLEL', openJobs: [] }
    const admission = await admit(tx, plan, state)
    if (admission.kind !== 'skip') state.openJobs.push(NEW_JOB)
    admissions.push(admission)
  }
  return admissions
}

/** Stands for a job of the same batch, which has no id yet. */
const NEW_JOB = ''

async function admit(tx: Transaction, plan: JobPlan, state: CollectorState): Promise<Admission> {
  const decision = decideOverlap(state.policy, state.openJobs.length)
  switch (decision.kind) {
    case 'start':
    case 'hold':
      return decision
    case 'skip':
      return { kind: 'skip', reason: skipped(plan, state.openJobs, decision.because) }
    case 'replace': {
      // What was planned in this very batch is as new as this plan.
      if (state.openJobs.includes(NEW_JOB)) return { kind: 'skip', reason: skipped(plan, [], 'open') }
      for (const jobId of state.openJobs.splice(0)) {
        await cancelTasks(tx, { ...plan, jobId }, { at: plan.plannedAt, reason: replacedByNewJob })
      }
      return { kind: 'start' }
    }
  }
}

function keyOf({
  domainId,
  collectorId,
}: {
  readonly domainId: string
  readonly collectorId: string
}): string {
  return JSON.stringify([domainId, collectorId])
}

function skipped(
  { collectorId }: JobPlan,
  openJobs: readonly string[],
  because: 'open' | 'too-many',
): FailedPrecondition {
  const [first = ''] = openJobs
  if (because === 'too-many') {
    return new FailedPrecondition(
      'ERROR_TOO_MANY_OPEN_JOBS',
      `collector '${collectorId}' has ${openJobs.length} open jobs, and ${MAX_OPEN_JOBS} is the most there may be, so no further one was started. Wait for them, or cancel some; the oldest is '${first}'`,
    )
  }
  return new FailedPrecondition(
    'ERROR_JOB_OVERLAP',
    `job '${first}' of collector '${collectorId}' is still open, and its overlap policy is SKIP, so no other was started. Wait for it, cancel it, or change the policy`,
  )
}
