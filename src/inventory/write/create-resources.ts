import type { Transaction } from '../../storage/index.ts'
import { cellOf } from '../cell.ts'
import { kindPath, type ResourceDocument, type ResourceKind } from '../kinds.ts'
import type { BatchItem, KindWrite, Outcome } from './batch.ts'
import { insertContributions, type NewContribution } from './contributions.ts'
import { insertResources, type StoredDocument } from './store-resources.ts'
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
  const resources: StoredDocument[] = []
  const contributions: NewContribution[] = []
  for (const { item } of decided) {
    const { memo, looseMemo } = item
    const { document, contentHash } = item.resource
    const targetId = await write.ids.next(tx, kind)
    const slot = takeSlot()
    resources.push({ id: targetId, document })
    const cell = cellOf(kind, document)
    contributions.push({ targetId, slot, cell, memo, looseMemo, contentHash, document: null })
    const target = { id: targetId, kind: kindPath(kind, document) }
    outcomes.set(item, { result: 'created', slot, isMemoStored: true, target })
  }
  await insertResources(tx, { ...write, kind, resources: inNaturalOrder(kind, resources) })
  await insertContributions(tx, { ...write, kindCode: kind.code, contributions })
}

// Two batches that insert the same keys then wait for one another instead of deadlocking.
function inNaturalOrder(kind: ResourceKind, resources: readonly StoredDocument[]): readonly StoredDocument[] {
  return resources
    .map((resource) => ({ resource, key: naturalKeyOf(kind, resource.document) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ resource }) => resource)
}

function naturalKeyOf(kind: ResourceKind, document: ResourceDocument): string {
  return kind.naturalKey.map((column) => String(document[column] ?? '')).join('\u0001')
}
