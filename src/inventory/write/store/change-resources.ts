import type { Transaction } from '../../../storage/index.ts'
import { cellOf } from '../../cell.ts'
import { type Change, diffDocuments } from '../../diff.ts'
import { foldLayers, type Layer } from '../../fold.ts'
import { kindPath, type ResourceKind } from '../../kinds.ts'
import { unpackDocument } from '../../packed-document.ts'
import { type BatchItem, type KindWrite, type Outcome, TargetMoved } from '../batch/batch.ts'
import type { Decided } from '../batch/write-kind.ts'
import { insertChangeRecords } from '../history/change-records.ts'
import { noteUnrecorded } from '../history/note-unrecorded.ts'
import { recordedChanges, unrecordedPaths } from '../history/recorded-changes.ts'
import { toChangeRecord } from '../history/to-change-record.ts'
import {
  type Contribution,
  insertContributions,
  keepDocuments,
  listContributions,
  type NewContribution,
  updateContributions,
} from './contributions.ts'
import { copiesToKeep, manualLayerOf, toLayers } from './layers-of.ts'
import { type LockedResource, lockResources } from './lock-resources.ts'
import { type ChangedResource, toChanged, toChangedFromPacked, updateResources } from './update-resources.ts'

/**
 * Applies what a contributor now says about targets that exist: folds, compares, and writes only what
 * differs.
 */
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
  const [stored, contributions] = await Promise.all([
    lockResources(tx, write.domainId, kind, targetIds),
    // Read again behind the lock: another contributor may have joined or changed its word since the match.
    listContributions(tx, write.domainId, targetIds),
  ])

  const plans = decided.map(({ item, decision }) => {
    const before = stored.get(decision.targetId)
    if (before === undefined) throw new TargetMoved(`${kind.name} '${decision.targetId}' is gone`)
    const known = contributions.get(decision.targetId) ?? []
    // Deleted by hand since the match: the slot that was looked up is gone.
    if (decision.own !== undefined && !known.some((each) => isBy(each, write.contributorId)))
      throw new TargetMoved(
        `contribution ${decision.own.slot} to ${kind.name} '${decision.targetId}' is gone`,
      )
    const others = known.filter((each) => !isBy(each, write.contributorId))
    const { targetId } = decision
    const plan = planChange(kind, { targetId, item, before, others, rank: write })
    const slot = decision.own?.slot ?? takeSlot()
    const target = { id: targetId, kind: kindPath(kind, plan.resource.narrow) }
    outcomes.set(item, { result: plan.result, slot, isMemoStored: true, target })
    return {
      ...plan,
      isNew: decision.own === undefined,
      // Deleted since the match: then it comes back, and joins nothing.
      matchRule: before.isDeleted ? undefined : decision.rule,
      ruledBy: item.resource.ruledBy,
      isReread: write.refreshesMemos,
      contribution: { ...plan.contribution, targetId, slot },
    }
  })

  const changed = plans.filter(({ result }) => result !== 'unchanged')
  const resources = changed.map(({ resource }) => resource)
  const { pending } = write
  pending.add(updateResources(tx, { ...write, kind, resources }))
  if (kind.hasHistory) {
    pending.add(insertChangeRecords(tx, { ...write, records: plans.map(toChangeRecord) }))
    const left = plans.map(({ resource, unrecorded }) => ({ id: resource.id, paths: unrecorded }))
    pending.add(noteUnrecorded(tx, { ...write, resources: left }))
  }
  const kept = plans.flatMap((plan) => plan.kept)
  pending.add(keepDocuments(tx, write.domainId, kept))
  const inserts = plans.filter(({ isNew }) => isNew).map(({ contribution }) => contribution)
  pending.add(insertContributions(tx, { ...write, kindCode: kind.code, contributions: inserts }))
  const updates = plans.filter(({ isNew }) => !isNew).map(({ contribution }) => contribution)
  pending.add(updateContributions(tx, { ...write, contributions: updates }))
}

type Rank = Omit<Layer, 'document'>

/**
 * What one changed contribution means for its target and for the others who speak of it. Of documents nothing
 * is kept where the contributor is alone: what it said waits as bytes already. Pure.
 */
function planChange(
  kind: ResourceKind,
  change: {
    targetId: string
    item: BatchItem
    before: LockedResource
    others: readonly Contribution[]
    rank: Rank
  },
) {
  const { targetId, item, others, rank } = change
  const { isDeleted } = change.before
  const before = change.before.read()
  const document = unpackDocument(kind, item.resource)
  const { priority, seniority, contributorId } = rank
  const own = { document, priority, seniority, contributorId }
  // A contributor without a copy was alone until now: what is stored is what it said.
  const after = foldLayers(kind, [own, ...toLayers(others, before)], manualLayerOf(others))
  const { columns, changes: all } = diffDocuments(kind, before, after)
  const changes = kind.hasHistory ? recordedChanges(all, document.metadata ?? null) : all
  const unrecorded = changes.length === all.length ? [] : unrecordedPaths(all, document.metadata ?? null)
  const resource: ChangedResource =
    after === document
      ? toChangedFromPacked(targetId, item.resource, { kind, columns })
      : toChanged(targetId, after, columns)
  const contribution: Omit<NewContribution, 'targetId' | 'slot'> = {
    cell: cellOf(kind, document),
    memo: item.memo,
    looseMemo: item.looseMemo,
    contentHash: item.resource.contentHash,
    document: others.length > 0 ? document : null,
  }
  const kept = copiesToKeep(others, before)
  if (isDeleted)
    return {
      resource,
      changes: [REVIVED, ...changes],
      unrecorded,
      contribution,
      kept,
      result: 'created' as const,
    }
  const result = columns.length > 0 ? ('updated' as const) : ('unchanged' as const)
  return { resource, changes, unrecorded, contribution, kept, result }
}

function isBy(contribution: Contribution, contributorId: number): boolean {
  return contribution.contributorId === contributorId
}

const REVIVED: Change = { p: 'state', b: 'DELETED', a: 'ACTIVE' }
