import type { Transaction } from '../../../storage/index.ts'
import type { ResourceKind } from '../../kinds.ts'
import type { PackedResource } from '../../packed-document.ts'
import { classifyResources, type Decision } from '../match/classify.ts'
import { findKeyHolders, hasDeleted, matchNothing, matchResources } from '../match/match-resources.ts'
import { isGuarded, isKeyOnly, lockUnguarded } from '../match/unguarded.ts'
import { changeResources } from '../store/change-resources.ts'
import { listContributions, refreshMemos, takeSlots } from '../store/contributions.ts'
import { createResources } from '../store/create-resources.ts'
import type { BatchItem, KindWrite, Outcome } from './batch.ts'

/**
 * Writes the resources of one kind: match, decide, lock, fold, compare, store, all inside the batch's
 * transaction.
 */
export async function writeKind(
  tx: Transaction,
  write: KindWrite,
  kind: ResourceKind,
  items: readonly BatchItem[],
): Promise<readonly Outcome[]> {
  const resources = items.map(({ resource }) => resource)
  if (!resources.every((resource) => isGuarded(kind, resource))) await lockUnguarded(tx, write.domainId)
  // Before the match, so that a holder whom the match then does not find is none that just arrived.
  const keyHolders = write.isRetry ? await findKeyHolders(tx, write.domainId, kind, resources) : []
  const matches = (await areAllNew(tx, write, kind, resources))
    ? resources.map(matchNothing)
    : await matchResources(tx, write.domainId, kind, resources)
  const targetIds = matches.flatMap((match) => ('targetId' in match ? [match.targetId] : []))
  const contributions = await listContributions(tx, write.domainId, targetIds)
  const decisions = classifyResources({
    ...write,
    kind,
    resources,
    matches,
    contributions,
    keyHolders,
    isSeen: (slot, at) => write.seen.isBefore(slot, items[at]?.message ?? 0),
  })

  const outcomes = new Map<BatchItem, Outcome>()
  const openSlots = slotsFor(tx, write, decisions)
  const changed = pickDecided(items, decisions, 'change')
  await createResources(tx, write, kind, pickDecided(items, decisions, 'create'), openSlots, outcomes)
  if (changed.length > 0) await changeResources(tx, write, kind, changed, await openSlots(), outcomes)
  keepContributions(tx, write, pickDecided(items, decisions, 'keep'), outcomes)
  return items.map((item, at) => outcomes.get(item) ?? toOutcome(decisions[at]))
}

/**
 * What a contributor sends in its first run is new more often than not, and is then stored without looking
 * for it. Where it was not, the insert fails, and the next try and all further batches look. Types and
 * regions are common to many contributors.
 */
async function areAllNew(
  tx: Transaction,
  write: KindWrite,
  kind: ResourceKind,
  resources: readonly PackedResource[],
): Promise<boolean> {
  if (!write.expectsNew || write.isRetry || write.mode === 'UPDATE' || !kind.hasHistory) return false
  if (!resources.every((resource) => isKeyOnly(kind, resource))) return false
  return !(await hasDeleted(tx, write.domainId, kind))
}

export type Decided<A extends Decision['act']> = {
  readonly item: BatchItem
  readonly decision: Extract<Decision, { act: A }>
}

function pickDecided<A extends Decision['act']>(
  items: readonly BatchItem[],
  decisions: readonly Decision[],
  act: A,
): readonly Decided<A>[] {
  const isPicked = (decision: Decision | undefined): decision is Extract<Decision, { act: A }> =>
    decision?.act === act
  return items.flatMap((item, at) => {
    const decision = decisions[at]
    return isPicked(decision) ? [{ item, decision }] : []
  })
}

function toOutcome(decision: Decision | undefined): Outcome {
  if (decision?.act === 'refuse') return { result: 'refused', error: decision.error }
  return { result: 'skipped', slot: decision?.act === 'skip' ? decision.own?.slot : undefined }
}

/**
 * Hands out slots one by one. All that a kind needs are taken when somebody asks for the first time: see
 * `takeSlots`.
 */
export type OpenSlots = () => Promise<() => number>

function slotsFor(tx: Transaction, write: KindWrite, decisions: readonly Decision[]): OpenSlots {
  const count = decisions.filter(
    (decision) => decision.act === 'create' || (decision.act === 'change' && decision.own === undefined),
  ).length
  const take = async () => {
    let next = count === 0 ? 0 : await takeSlots(tx, write.domainId, write.contributorId, count)
    return () => next++
  }
  let taken: Promise<() => number> | undefined
  return () => {
    taken ??= take()
    return taken
  }
}

/** Same content in other bytes: at most a new memo to write. */
function keepContributions(
  tx: Transaction,
  write: KindWrite,
  decided: readonly Decided<'keep'>[],
  outcomes: Map<BatchItem, Outcome>,
): void {
  // In the order in which others lock these rows: see `keepDocuments`.
  const memos = decided
    .map(({ item: { memo, looseMemo }, decision }) => ({ slot: decision.own.slot, memo, looseMemo }))
    .sort((a, b) => a.slot - b.slot)
  if (write.refreshesMemos) write.pending.add(refreshMemos(tx, { ...write, memos }))
  for (const { item, decision } of decided) {
    const isMemoStored = write.refreshesMemos
    outcomes.set(item, { result: 'unchanged', slot: decision.own.slot, isMemoStored })
  }
}
