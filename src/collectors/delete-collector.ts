import type { Context } from '../access/index.ts'
import { retireDeletedCollector } from '../coverage/index.ts'
import { cancelTasksOfCollector } from '../jobs/index.ts'
import { deleteCollectorRow } from './sql/delete-collector-row.ts'
import { lockCollector } from './sql/lock-collector.ts'

/**
 * Removes a collector in whatever state it is. Its open tasks end as CANCELED, its jobs stay with the collector as
 * it was, and so does everything it has collected: its claims are kept, and count last where others speak of the same.
 */
export async function deleteCollector(
  ctx: Context,
  input: { readonly domainId: string; readonly collectorId: string },
): Promise<void> {
  const canceledTasks = await ctx.db.transaction(async (tx) => {
    const { domainId, collectorId } = await lockCollector(tx, input)
    const canceled = await cancelTasksOfCollector(tx, { domainId, collectorId, at: ctx.now() })
    await deleteCollectorRow(tx, { domainId, collectorId })
    return canceled
  })
  await retireDeletedCollector(ctx, input)
  ctx.log.info({ ...input, canceledTasks }, 'collector deleted')
}
