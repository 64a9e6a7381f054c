import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { type ExitCode, UsageError } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { escapeText } from '../output/escape.ts'
import { writeDone } from '../output/write-done.ts'
import { numberOf, objectOf } from '../shapes.ts'
import { type ScheduleFields, toScheduleRequest } from './schedule-fields.ts'

type Changed = { readonly collector: string; readonly id: string }

/**
 * Changes what is given of a schedule: everything but the time zone first, then the zone, which has a method
 * of its own. When the zone is refused, the rest stays changed, and that is said.
 */
export async function updateOne(
  ctx: CliContext,
  { collector: idOrName, id }: Changed,
  fields: ScheduleFields,
): Promise<ExitCode> {
  const { client, domainId, notices } = ctx
  const { timeZone } = fields
  const changes = toScheduleRequest(fields)
  const isMore = Object.keys(changes).length > 0
  if (!isMore && timeZone === undefined) throw new UsageError('nothing to change is given')
  const { collector } = await findCollector(ctx, idOrName)
  const key = { domain_id: domainId, collector_id: collector.id, schedule_id: id }
  const done = `Changed ${id}.`
  const update = () => client.post('/inventory/v1/collector/update-schedule', { ...key, ...changes })
  if (timeZone === undefined) return writeDone(ctx, await update(), done)

  if (changes.schedule === undefined) await assertHasTimes(ctx, key)
  const setZone = () => client.post('/gleaner/v1/schedule/set-time-zone', { ...key, time_zone: timeZone })
  if (!isMore) return writeDone(ctx, await setZone(), done)
  const answer = await update()
  await setZone().catch((thrown: unknown) => {
    notices.write(escapeText(`Changed ${id}, but not its time zone.`))
    notices.write('\n')
    throw thrown
  })
  return writeDone(ctx, answer, done)
}

/** Seconds are the same in every zone, so that a zone would change nothing. */
async function assertHasTimes({ client }: CliContext, key: JsonObject): Promise<void> {
  const { value } = await client.post('/inventory/v1/collector/get-schedule', key)
  if (numberOf(objectOf(value, 'schedule'), 'interval') > 0)
    throw new UsageError(
      'the schedule counts seconds, which are the same in every --time-zone. Leave it out.',
    )
}
