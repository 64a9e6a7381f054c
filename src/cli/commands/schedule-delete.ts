import type { CliContext } from '../cli-context.ts'
import type { ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { writeDone } from '../output/write-done.ts'

/** Removes a schedule of a collector. */
export async function deleteSchedule(ctx: CliContext, idOrName: string, id: string): Promise<ExitCode> {
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await ctx.client.post('/inventory/v1/collector/delete_schedule', {
    domain_id: ctx.domainId,
    collector_id: collector.id,
    schedule_id: id,
  })
  return writeDone(ctx, answer, `Deleted ${id}.`)
}
