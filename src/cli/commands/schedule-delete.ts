import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderJson } from '../output/json.ts'

/** Removes a schedule of a collector. */
export async function deleteSchedule(ctx: CliContext, idOrName: string, id: string): Promise<ExitCode> {
  const { client, domainId, isJson, out } = ctx
  const { collector } = await findCollector(ctx, idOrName)
  const { text } = await client.post('/inventory/v1/collector/delete_schedule', {
    domain_id: domainId,
    collector_id: collector.id,
    schedule_id: id,
  })
  out.write(isJson ? renderJson(text) : `Deleted ${id}.\n`)
  return EXIT.success
}
