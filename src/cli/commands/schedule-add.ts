import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderJson } from '../output/json.ts'
import { textOf } from '../shapes.ts'

export type AddOptions = {
  readonly cron?: string
  readonly every?: number
  readonly hours?: readonly number[]
  readonly minutes?: readonly number[]
  readonly name?: string
  readonly mode?: string
  readonly timeZone?: string
}

/** Adds a schedule; one whose time zone the server does not know is not left behind. */
export async function addOne(ctx: CliContext, idOrName: string, options: AddOptions): Promise<ExitCode> {
  const { client, domainId, out, isJson, notices } = ctx
  const { cron, every, hours, minutes, name, mode, timeZone } = options
  if (every !== undefined && timeZone !== undefined)
    throw new UsageError('--every counts seconds, which are the same in every --time-zone. Leave one out.')
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await client.post('/inventory/v1/collector/add_schedule', {
    domain_id: domainId,
    collector_id: collector.id,
    schedule: {
      ...(cron !== undefined && { cron }),
      ...(every !== undefined && { interval: every }),
      ...(hours !== undefined && { hours }),
      ...(minutes !== undefined && { minutes }),
    },
    ...(name !== undefined && { name }),
    ...(mode !== undefined && { collect_mode: mode }),
  })
  const scheduleId = textOf(answer.value, 'schedule_id')
  if (timeZone !== undefined) {
    const key = { domain_id: domainId, collector_id: collector.id, schedule_id: scheduleId }
    await client
      .post('/gleaner/v1/schedule/set-time-zone', { ...key, time_zone: timeZone })
      .catch(async (thrown: unknown) => {
        // Half of what was asked for would run at hours nobody wanted.
        await client.post('/inventory/v1/collector/delete-schedule', key)
        notices.write('No schedule was added.\n')
        throw thrown
      })
  }
  out.write(isJson ? renderJson(answer.text) : `${scheduleId}\n`)
  return EXIT.success
}
