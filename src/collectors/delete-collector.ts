import { type Context, nameCaller } from '../access/index.ts'
import { toError } from '../core/errors.ts'
import { refoldDeleted, retireDeleted } from '../coverage/index.ts'
import { cancelTasksOfCollector } from '../jobs/index.ts'
import { deleteCollectorRow } from './sql/delete-collector-row.ts'
import { lockCollector } from './sql/lock-collector.ts'

/**
 * Removes a collector in whatever state it is. Its open tasks end as CANCELED, its jobs stay with the
 * collector as it was, and so does everything it has collected: its claims are kept, and count last where
 * others speak of the same. What cannot be folded anew at once is so by the housekeeper.
 */
export async function deleteCollector(
  ctx: Context,
  input: { readonly domainId: string; readonly collectorId: string },
): Promise<void> {
  const canceledTasks = await ctx.db.transaction(async (tx) => {
    const { domainId, collectorId } = await lockCollector(tx, input)
    // Before tasks, as batches lock them; and what is marked tells nothing of its end.
    await retireDeleted(tx, { domainId, collectorId, by: nameCaller(ctx.principal) })
    const canceled = await cancelTasksOfCollector(tx, { domainId, collectorId, at: ctx.now() })
    await deleteCollectorRow(tx, { domainId, collectorId })
    return canceled
  })
  ctx.log.info({ ...input, canceledTasks }, 'collector deleted')
  await refoldDeleted(ctx, input).catch((thrown: unknown) => {
    ctx.log.warn(
      { ...input, err: toError(thrown).message },
      'what a deleted collector shared with others is folded anew later',
    )
  })
}
