import type { Transaction } from '../../../storage/index.ts'
import { cellOf } from '../../cell.ts'
import { kindPath, type ResourceKind } from '../../kinds.ts'
import type { PackedResource } from '../../packed-document.ts'
import type { BatchItem, KindWrite, Outcome } from '../batch/batch.ts'
import type { Decided, OpenSlots } from '../batch/write-kind.ts'
import { insertContributions, type NewContribution } from './contributions.ts'
import { copyResources, type NewResource } from './copy-resources.ts'

/** Stores resources that nobody knew, each with its contribution. */
export async function createResources(
  tx: Transaction,
  write: KindWrite,
  kind: ResourceKind,
  decided: readonly Decided<'create'>[],
  openSlots: OpenSlots,
  outcomes: Map<BatchItem, Outcome>,
): Promise<void> {
  if (decided.length === 0) return
  const resources: (NewResource & { readonly item: BatchItem })[] = []
  for (const { item } of decided) {
    const id = await write.ids.next(tx, kind)
    resources.push({ id, resource: item.resource, item })
  }
  await copyResources(tx, { ...write, kind }, inNaturalOrder(kind, resources))
  // Only now, because it locks the contributor: until then another batch of the same run stores its resources
  // beside this one.
  const takeSlot = await openSlots()
  const contributions: NewContribution[] = []
  for (const { id: targetId, item } of resources) {
    const { memo, looseMemo } = item
    const { columns, contentHash } = item.resource
    const slot = takeSlot()
    const cell = cellOf(kind, columns)
    contributions.push({ targetId, slot, cell, memo, looseMemo, contentHash, document: null })
    const target = { id: targetId, kind: kindPath(kind, columns) }
    outcomes.set(item, { result: 'created', slot, isMemoStored: true, target })
  }
  write.pending.add(insertContributions(tx, { ...write, kindCode: kind.code, contributions }))
}

// Two batches that insert the same keys then wait for one another instead of deadlocking.
function inNaturalOrder(kind: ResourceKind, resources: readonly NewResource[]): readonly NewResource[] {
  return resources
    .map((each) => ({ each, key: naturalKeyOf(kind, each.resource) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ each }) => each)
}

function naturalKeyOf(kind: ResourceKind, { columns }: PackedResource): string {
  return kind.naturalKey.map((column) => String(columns[column] ?? '')).join('\u0001')
}
