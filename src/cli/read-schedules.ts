import type { CliContext } from './cli-context.ts'
import { findCollector } from './find-collector.ts'
import { type Schedule, type ScheduleRuns, toSchedule, toScheduleRuns } from './schedule-shapes.ts'
import { listOf } from './shapes.ts'

/** The schedules of the collector with this id or name, and the API's own JSON. */
export async function readSchedules(
  ctx: CliContext,
  idOrName: string,
): Promise<{ readonly schedules: readonly Schedule[]; readonly text: string }> {
  const { client, domainId } = ctx
  const { collector } = await findCollector(ctx, idOrName)
  const { value, text } = await client.post('/inventory/v1/collector/list_schedules', {
    domain_id: domainId,
    collector_id: collector.id,
  })
  return { schedules: listOf(value, 'results').map((each) => toSchedule(each, collector.id)), text }
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
