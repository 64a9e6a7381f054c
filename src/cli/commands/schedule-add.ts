import { cleanUpAfter } from '../clean-up.ts'
import type { CliContext } from '../cli-context.ts'
import type { ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { writeId } from '../output/write-done.ts'
import { textOf } from '../shapes.ts'
import { type ScheduleFields, toScheduleRequest } from './schedule-fields.ts'

/** Adds a schedule; one whose time zone the server does not know is not left behind. */
export async function addOne(ctx: CliContext, idOrName: string, fields: ScheduleFields): Promise<ExitCode> {
  const { client, domainId } = ctx
  const { timeZone } = fields
  const request = toScheduleRequest(fields)
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await client.post('/inventory/v1/collector/add_schedule', {
    domain_id: domainId,
    collector_id: collector.id,
    schedule: {},
    ...request,
  })
  if (timeZone !== undefined) {
    const scheduleId = textOf(answer.value, 'schedule_id')
    const key = { domain_id: domainId, collector_id: collector.id, schedule_id: scheduleId }
    await client
      .post('/gleaner/v1/schedule/set-time-zone', { ...key, time_zone: timeZone })
      // Half of what was asked for would run at hours nobody wanted.
      .catch((thrown: unknown) =>
        cleanUpAfter(thrown, ctx, {
          path: '/inventory/v1/collector/delete-schedule',
          request: key,
          made: `schedule ${scheduleId} of ${collector.name}, without its time zone`,
        }),
      )
  }
  return writeId(ctx, answer, 'schedule_id')
}
