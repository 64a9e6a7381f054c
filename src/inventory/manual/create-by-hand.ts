import { type Context, nameCaller } from '../../access/index.ts'
import { recordResourceEvents } from '../../events/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { kindPath, type ResourceKind } from '../kinds.ts'
import { retryConflicts } from '../write/retry-conflicts.ts'
import { createResourceIds } from '../write/store/resource-ids.ts'
import { insertResources } from '../write/store/store-resources.ts'
import { assertNoTwin } from './assert-no-twin.ts'
import { assertProject } from './assert-project.ts'
import { layerOf } from './manual-layer.ts'
import type { Given } from './read-given.ts'
import { readNew } from './read-new.ts'
import { insertLayer } from './store-layer.ts'

/**
 * Stores a resource that somebody writes by hand, and returns its id. That no task created it is what makes
 * it a manual record, in the history and for whatever deletes; a collector that finds it later adds what it
 * knows.
 */
export async function createByHand(
  ctx: Context,
  kind: ResourceKind,
  { domainId, given }: { readonly domainId: string; readonly given: Given },
): Promise<string> {
  const document = readNew(kind, given)
  const layer = layerOf(kind, document)
  const id = await retryConflicts(
    ctx.db,
    async (tx) => {
      await assertProject(tx, { domainId, given: document })
      await assertNoTwin(tx, { domainId, kind, document })
      const targetId = await createResourceIds().next(tx, kind)
      const resources = [{ id: targetId, document }]
      await insertResources(tx, { domainId, kind, resources, now: ctx.now(), taskSeq: null })
      await insertLayer(tx, { domainId, kind, targetId, layer })
      if (kind.hasHistory) await noteCreator(tx, { domainId, id: targetId, by: nameCaller(ctx.principal) })
      const change = { id: targetId, kind: kindPath(kind, document), type: `${kind.name}.created` as const }
      await recordResourceEvents(tx, { domainId, taskSeq: null, changes: [change] })
      return targetId
    },
    { signal: ctx.signal },
  )
  ctx.log.info({ domainId, [kind.idColumn]: id }, 'created by hand')
  return id
}

/** A first creation has no record of its own that could say so (ADR 1). */
async function noteCreator(
  tx: Transaction,
  { domainId, id, by }: { readonly domainId: string; readonly id: string; readonly by: string },
): Promise<void> {
  if (by === '') return
  await tx.query('update cloud_service set created_by = $3 where domain_id = $1 and cloud_service_id = $2', [
    domainId,
    id,
    by,
  ])
}
