import type { Transaction } from '../../storage/index.ts'
import { cellOf } from '../cell.ts'
import { kindPath, type ResourceKind } from '../kinds.ts'
import type { PackedResource } from '../packed-document.ts'
import type { BatchItem, KindWrite, Outcome } from './batch.ts'
import { insertContributions, type NewContribution } from './contributions.ts'
import { copyResources, type NewResource } from './copy-resources.ts'
import type { Decided } from './write-kind.ts'

/** Stores resources that nobody knew, each with its contribution. */
export async function createResources(
  tx: Transaction,
  write: KindWrite,
  kind: ResourceKind,
  decided: readonly Decided<'create'>[],
  takeSlot: () => number,
  outcomes: Map<BatchItem, Outcome>,
): Promise<void> {
  const resources: NewResource[] = []
  const contributions: NewContribution[] = []
  for (const { item } of decided) {
    const { memo, looseMemo } = item
    const { columns, contentHash } = item.resource
    const targetId = await write.ids.next(tx, kind)
    const slot = takeSlot()
    resources.push({ id: targetId, resource: item.resource })
    const cell = cellOf(kind, columns)
    contributions.push({ targetId, slot, cell, memo, looseMemo, contentHash, document: null })
    const target = { id: targetId, kind: kindPath(kind, columns) }
    outcomes.set(item, { result: 'created', slot, isMemoStored: true, target })
  }
  // One behind the other in the database; the parameters of the second are made while it stores the first.
  await Promise.all([
    copyResources(tx, { ...write, kind }, inNaturalOrder(kind, resources)),
    insertContributions(tx, { ...write, kindCode: kind.code, contributions }),
  ])
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
