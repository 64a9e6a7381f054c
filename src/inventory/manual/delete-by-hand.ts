import { type Context, nameCaller } from '../../access/index.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import { recordResourceEvents } from '../../events/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { kindPath, type ResourceKind } from '../kinds.ts'
import { byHand, insertChangeRecords } from '../write/history/change-records.ts'
import { retryConflicts } from '../write/retry-conflicts.ts'
import { deleteContributions } from '../write/store/contributions.ts'
import { lockResources } from '../write/store/lock-resources.ts'

type DeleteByHand = { readonly domainId: string; readonly id: string }

/**
 * Deletes a resource by hand, and ends what everybody said about it (docs/adr/0004-written-by-hand.md). The
 * next sighting by a collector is new again: a cloud service comes back under its id, a type or region is
 * stored anew.
 */
export async function deleteByHand(ctx: Context, kind: ResourceKind, target: DeleteByHand): Promise<void> {
  if (target.id === '') throw new RequiredParameter(kind.idColumn)
  await retryConflicts(
    ctx.db,
    (tx) => deleteOnce(tx, kind, { ...target, by: nameCaller(ctx.principal), now: ctx.now() }),
    {
      signal: ctx.signal,
    },
  )
  ctx.log.info({ domainId: target.domainId, [kind.idColumn]: target.id }, 'deleted by hand')
}

async function deleteOnce(
  tx: Transaction,
  kind: ResourceKind,
  { domainId, id, by, now }: DeleteByHand & { readonly by: string; readonly now: Date },
): Promise<void> {
  const stored = (await lockResources(tx, domainId, kind, [id])).get(id)
  if (stored === undefined) throw new NotFound(kind.table.replaceAll('_', ' '), id)
  if (stored.isDeleted) return
  await deleteContributions(tx, { domainId, targetId: id, contributorId: null })
  const change = { id, kind: kindPath(kind, stored.read()), type: `${kind.name}.deleted` as const }
  await recordResourceEvents(tx, { domainId, taskSeq: null, changes: [change] })
  if (kind.deletedCondition === undefined) {
    await tx.query(`delete from ${kind.table} where domain_id = $1 and ${kind.idColumn} = $2`, [domainId, id])
    return
  }
  await tx.query(
    `update ${kind.table} set state = 'DELETED', deleted_at = $3, updated_at = $3
      where domain_id = $1 and ${kind.idColumn} = $2`,
    [domainId, id, now],
  )
  const changes = [{ p: 'state', b: 'ACTIVE', a: 'DELETED' }]
  const records = [{ targetId: id, action: 'DELETE' as const, changes, ...byHand(by) }]
  await insertChangeRecords(tx, { domainId, taskSeq: null, now, records })
}
