import type { Transaction } from '../../storage/index.ts'
import { diffDocuments } from '../diff.ts'
import { foldLayers } from '../fold.ts'
import type { ResourceDocument, ResourceKind } from '../kinds.ts'
import { type BatchItem, type KindWrite, type Outcome, TargetMoved } from './batch.ts'
import { insertChangeRecords } from './change-records.ts'
import {
  type Contribution,
  insertContributions,
  keepDocuments,
  listContributions,
  type NewContribution,
  updateContributions,
} from './contributions.ts'
import { lockResources, updateResources } from './store-resources.ts'
import type { Decided } from './write-kind.ts'

/** Applies what a contributor now says about targets that exist: folds, compares, and writes only what differs. */
export async function changeResources(
  tx: Transaction,
  write: KindWrite,
  kind: ResourceKind,
  decided: readonly Decided<'change'>[],
  takeSlot: () => number,
  outcomes: Map<BatchItem, Outcome>,
): Promise<void> {
  if (decided.length === 0) return
  const targetIds = decided.map(({ decision }) => decision.targetId)
  const stored = await lockResources(tx, write.domainId, kind, targetIds)
  // Read again under the lock: another contributor may have joined or changed its word since the match.
  const contributions = await listContributions(tx, write.domainId, targetIds)

  const plans = decided.map(({ item, decision }) => {
    const before = stored.get(decision.targetId)
    if (before === undefined) throw new TargetMoved(`${kind.name} '${decision.targetId}' is gone`)
    const others = othersOf(contributions.get(decision.targetId), write.contributorId)
    const plan = planChange(kind, { item, before, others, rank: write })
    const slot = decision.own?.slot ?? takeSlot()
    outcomes.set(item, { result: plan.isChanged ? 'updated' : 'unchanged', slot, memo: item.memo })
    return {
      ...plan,
      isNew: decision.own === undefined,
      contribution: { ...plan.contribution, targetId: decision.targetId, slot },
    }
  })

  const changed = plans.filter(({ isChanged }) => isChanged)
  const resources = changed.map(({ after, contribution }) => ({ id: contribution.targetId, document: after }))
  await updateResources(tx, { ...write, kind, resources })
  const records = changed.map(({ changes, contribution }) => ({ targetId: contribution.targetId, changes }))
  if (kind.hasHistory) await insertChangeRecords(tx, { ...write, records })
  await keepDocuments(
    tx,
    write.domainId,
    plans.flatMap(({ kept }) => kept),
  )
  const inserts = plans.filter(({ isNew }) => isNew).map(({ contribution }) => contribution)
  await insertContributions(tx, { ...write, kindCode: kind.code, contributions: inserts })
  const updates = plans.filter(({ isNew }) => !isNew).map(({ contribution }) => contribution)
  await updateContributions(tx, { ...write, contributions: updates })
}

type Rank = { readonly priority: number; readonly seniority: number }

/** What one changed contribution means for its target and for the others who speak of it. Pure. */
function planChange(
  kind: ResourceKind,
  change: {
    item: BatchItem
    before: ResourceDocument
    others: readonly Contribution[]
    rank: Rank
  },
) {
  const { item, before, others, rank } = change
  const { document, contentHash } = item.resource
  const own = { document, priority: rank.priority, seniority: rank.seniority }
  // A contributor without a copy was alone until now: what is stored is what it said.
  const after = foldLayers(kind, [
    own,
    ...others.map((other) => ({ ...other, document: other.document ?? before })),
  ])
  const { columns, changes } = diffDocuments(kind, before, after)
  const contribution: Omit<NewContribution, 'targetId' | 'slot'> = {
    memo: item.memo,
    contentHash,
    document: others.length > 0 ? document : null,
  }
  const kept = others
    .filter((other) => other.document === null)
    .map((other) => ({ ...other, document: before }))
  return { after, changes, contribution, kept, isChanged: columns.length > 0 }
}

function othersOf(
  contributions: readonly Contribution[] = [],
  contributorId: number,
): readonly Contribution[] {
  return contributions.filter((each) => each.contributorId !== contributorId)
}
