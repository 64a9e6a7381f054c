import type { Context } from '../access/index.ts'
import { getEntity } from '../query/index.ts'
import type { CollectorState } from './collector.ts'
import { type CollectorView, collectorEntity } from './collector-entity.ts'
import { lockCollector } from './sql/lock-collector.ts'
import { updateCollectorRow } from './sql/update-collector-row.ts'

/**
 * Lets a collector start jobs, or keeps it from it; what runs goes on. Setting the state that is there
 * changes nothing.
 */
export async function setCollectorState(
  ctx: Context,
  input: { readonly domainId: string; readonly collectorId: string; readonly state: CollectorState },
): Promise<CollectorView> {
  const { domainId, collectorId, state } = input
  const wasChanged = await ctx.db.transaction(async (tx) => {
    const collector = await lockCollector(tx, { domainId, collectorId })
    if (collector.state === state) return false
    await updateCollectorRow(tx, { ...collector, state })
    return true
  })
  if (wasChanged) ctx.log.info({ domainId, collectorId, state }, 'collector state changed')
  return await getEntity(ctx, collectorEntity, { domainId, id: collectorId })
}
