import { type OpenSpan, openSpan } from '../core/trace.ts'
import { type JobPlan, type JobStart, startJobs, type TaskQueue } from '../jobs/index.ts'
import type { Transaction } from '../storage/index.ts'
import type { ScheduleKey } from './schedule.ts'

/** A job that a schedule wants to start. */
type Starting = { readonly schedule: ScheduleKey; readonly plan: JobPlan }

/**
 * Starts the jobs of schedules, each in a trace of its own that begins here and goes on in the attempts at
 * its tasks: jobs that happen to be due together have nothing to do with each other. A span covers the
 * statements that store all of them.
 */
export async function startTraced(
  tx: Transaction,
  queue: TaskQueue,
  starting: readonly Starting[],
): Promise<readonly JobStart[]> {
  if (starting.length === 0) return []
  const spans = starting.map(({ schedule }) => openScheduleSpan(schedule))
  const plans = starting.map(({ plan }, at) => ({ ...plan, traceParent: spans[at]?.headers.traceparent }))
  try {
    const starts = await startJobs(tx, queue, plans)
    for (const [at, start] of starts.entries()) noteStart(spans[at], start)
    return starts
  } catch (thrown) {
    for (const span of spans) span.fail(thrown)
    throw thrown
  } finally {
    for (const span of spans) span.end()
  }
}

function openScheduleSpan({ domainId, collectorId, scheduleId }: ScheduleKey): OpenSpan {
  const attributes = {
    'gleaner.domain_id': domainId,
    'gleaner.collector_id': collectorId,
    'gleaner.schedule_id': scheduleId,
  }
  return openSpan({ name: 'schedule', attributes, from: {} })
}

function noteStart(span: OpenSpan | undefined, start: JobStart): void {
  if (start.kind === 'started') span?.note({ 'gleaner.job_id': start.jobId })
  else span?.note({ 'gleaner.skipped': start.reason.code })
}
