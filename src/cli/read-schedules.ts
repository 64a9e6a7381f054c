import type { CliContext } from './cli-context.ts'
import { findCollector } from './find-collector.ts'
import { type Schedule, type ScheduleRuns, toSchedule, toScheduleRuns } from './schedule-shapes.ts'
import { listOf, textOf } from './shapes.ts'

/** The schedules of the collector with this id or name, and the API's own JSON. */
export async function readSchedules(
  ctx: CliContext,
  idOrName: string,
): Promise<{ readonly schedules: readonly Schedule[]; readonly text: string }> {
  const { collector } = await findCollector(ctx, idOrName)
  return listSchedulesOf(ctx, collector.id)
}

async function listSchedulesOf({ client, domainId }: CliContext, collectorId: string) {
  const { value, text } = await client.post('/inventory/v1/collector/list_schedules', {
    domain_id: domainId,
    collector_id: collectorId,
  })
  return { schedules: listOf(value, 'results').map((each) => toSchedule(each, collectorId)), text }
}

/**
 * The schedules of all collectors, by the order of the collectors; the API lists them collector by collector.
 */
export async function readAllSchedules(
  ctx: CliContext,
): Promise<{ readonly schedules: readonly Schedule[]; readonly text: string }> {
  const { client, domainId } = ctx
  const { value } = await client.post('/inventory/v1/collector/list', {
    domain_id: domainId,
    query: { only: ['collector_id'] },
  })
  const schedules: Schedule[] = []
  const results: unknown[] = []
  for (const collector of listOf(value, 'results')) {
    const found = await listSchedulesOf(ctx, textOf(collector, 'collector_id'))
    schedules.push(...found.schedules)
    results.push(...listOf(JSON.parse(found.text), 'results'))
  }
  return { schedules, text: JSON.stringify({ results, total_count: results.length }) }
}

/** When a schedule runs next. */
export async function readRuns(
  { client, domainId }: CliContext,
  schedule: Schedule,
  count: number,
): Promise<ScheduleRuns> {
  const { value, text } = await client.post('/gleaner/v1/schedule/next-runs', {
    domain_id: domainId,
    collector_id: schedule.collectorId,
    schedule_id: schedule.id,
    count,
  })
  return toScheduleRuns(value, text)
}
