import { type Collector, lockFreeCollectors, planUnattended } from '../collectors/index.ts'
import { refuseJobs, type TaskQueue } from '../jobs/index.ts'
import type { Transaction } from '../storage/index.ts'
import { type DueDecision, decideDue } from './decide-due.ts'
import type { Schedule } from './schedule.ts'
import { moveSchedules } from './sql/move-schedules.ts'
import { startTraced } from './start-traced.ts'

/** What a batch did with the schedules it held. */
export type Fired = {
  /** Schedules that started a job. */
  readonly started: number
  /** Schedules whose job ended as ERROR before it began. */
  readonly refused: number
  /**
   * Schedules that moved on without a job: disabled collectors, missed times that wait for their turn, and
   * collectors whose overlap policy skips a job while another is open.
   */
  readonly passed: number
}

type Due = { readonly schedule: Schedule; readonly collector: Collector; readonly decision: DueDecision }

/**
 * Does what is due of these schedules, whose rows the transaction holds: jobs, tasks, wake-ups and next due
 * times become true together or not at all, one statement a table for all of them. What happens when a job of
 * the collector still runs is decided where jobs start, for schedules as for everybody. A schedule whose
 * collector somebody else holds stays due.
 */
export async function fireSchedules(
  tx: Transaction,
  queue: TaskQueue,
  { schedules, now }: { readonly schedules: readonly Schedule[]; readonly now: Date },
): Promise<Fired> {
  const dues = decideAll(schedules, await lockFreeCollectors(tx, schedules), now)
  const firing = []
  for (const { schedule, collector, decision } of dues) {
    if (decision.kind !== 'fire') continue
    const { filter, collectMode } = schedule
    const request = { collector, filter, collectMode, secretId: '', plannedAt: now }
    firing.push({ schedule, planned: await planUnattended(tx, request) })
  }
  const starting = firing.flatMap(({ schedule, planned }) =>
    planned.kind === 'start' ? [{ schedule, plan: planned.plan }] : [],
  )
  const refusals = firing.flatMap(({ planned }) => (planned.kind === 'refuse' ? [planned] : []))
  const starts = await startTraced(tx, queue, starting)
  await refuseJobs(tx, refusals)
  // The overlap policy of a collector may want no job now; then none was started, and the time has passed.
  const skipped = new Set(
    starting.filter((_, at) => starts[at]?.kind === 'skipped').map(({ schedule }) => schedule),
  )
  await moveSchedules(
    tx,
    dues.map(({ schedule, decision: { kind, nextDueAt, missedAt } }) => {
      const { domainId, scheduleId } = schedule
      const hasJob = kind === 'fire' && !skipped.has(schedule)
      return { domainId, scheduleId, nextDueAt, missedAt, scheduledAt: hasJob ? now : null }
    }),
  )
  return {
    started: starting.length - skipped.size,
    refused: refusals.length,
    passed: dues.length - firing.length + skipped.size,
  }
}

function decideAll(
  schedules: readonly Schedule[],
  collectors: readonly Collector[],
  now: Date,
): readonly Due[] {
  const held = new Map(collectors.map((collector) => [keyOf(collector), collector]))
  return schedules.flatMap((schedule) => {
    const collector = held.get(keyOf(schedule))
    if (collector === undefined) return []
    const decision = decideDue(schedule, { isEnabled: collector.state === 'ENABLED', now })
    return [{ schedule, collector, decision }]
  })
}

function keyOf({
  domainId,
  collectorId,
}: {
  readonly domainId: string
  readonly collectorId: string
}): string {
  return `${domainId} ${collectorId}`
}
