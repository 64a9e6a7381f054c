import type { CliContext } from '../cli-context.ts'
import { type ExitCode, UsageError } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { writeDone } from '../output/write-done.ts'
import { textOf } from '../shapes.ts'
import { type ScheduleFields, toScheduleRequest } from './schedule-fields.ts'

type Changed = { readonly collector: string; readonly id: string }

/** Changes what is given of a schedule, all of it or nothing. */
export async function updateOne(
  ctx: CliContext,
  { collector: idOrName, id }: Changed,
  fields: ScheduleFields,
): Promise<ExitCode> {
  const { client, domainId } = ctx
  const { timeZone } = fields
  const changes = toScheduleRequest(fields)
  const isMore = Object.keys(changes).length > 0
  if (!isMore && timeZone === undefined) throw new UsageError('nothing to change is given')
  const { collector } = await findCollector(ctx, idOrName)
  const key = { domain_id: domainId, collector_id: collector.id, schedule_id: id }
  const update = () => client.post('/inventory/v1/collector/update-schedule', { ...key, ...changes })
  if (timeZone === undefined) return writeDone(ctx, await update(), `Changed ${id}.`)

  const before = textOf((await client.post('/gleaner/v1/schedule/next-runs', key)).value, 'time_zone')
  const setZone = (zone: string) =>
    client.post('/gleaner/v1/schedule/set-time-zone', { ...key, time_zone: zone })
  const zoned = await setZone(timeZone)
  if (!isMore) return writeDone(ctx, zoned, `Changed ${id}.`)
  const answer = await update().catch(async (thrown: unknown) => {
    // The old plan in the new zone would run at hours nobody wanted.
    await setZone(before)
    throw thrown
  })
  return writeDone(ctx, answer, `Changed ${id}.`)
}
