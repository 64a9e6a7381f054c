import { recordResourceEvents } from '../../../events/index.ts'
import { type Database, int4Array, type Transaction } from '../../../storage/index.ts'
import { diffDocuments } from '../../diff.ts'
import { foldLayers } from '../../fold.ts'
import { CLOUD_SERVICE, kindPath, type ResourceKind } from '../../kinds.ts'
import { type ChangeEvidence, insertChangeRecords } from '../history/change-records.ts'
import { retryConflicts } from '../retry-conflicts.ts'
import { listContributions } from '../store/contributions.ts'
import { manualLayerOf, toLayers } from '../store/layers-of.ts'
import { lockResources } from '../store/lock-resources.ts'
import { toChanged, updateResources } from '../store/update-resources.ts'

export type RefoldShared = {
  readonly domainId: string
  readonly contributorId: number
  /** Why, for the history. */
  readonly evidence: ChangeEvidence
  readonly now: Date
  readonly signal: AbortSignal
}

/** Documents that one transaction folds. */
const STEP = 500

/**
 * Folds anew every document that a contributor shares with others, after its rank has changed: its collector
 * is gone, so that its word counts last. In steps, each whole in itself. Returns how many documents changed.
 */
export async function refoldShared(db: Database, refold: RefoldShared): Promise<number> {
  let changed = 0
  for (let after = -1; ; ) {
    const slots = await listShared(db, refold, after)
    const last = slots.at(-1)
    if (last === undefined) return changed
    after = last
    changed += await retryConflicts(db, (tx) => refoldSlots(tx, refold, slots), { signal: refold.signal })
  }
}

// A copy is kept only where a document has more than one contributor.
async function listShared(
  db: Database,
  { domainId, contributorId }: RefoldShared,
  after: number,
): Promise<readonly number[]> {
  const rows = await db.query<{ slot: number }>(
    `select slot from contribution
      where domain_id = $1 and contributor_id = $2 and slot > $3 and kind = ${CLOUD_SERVICE.code} and document is not null
      order by slot limit ${STEP}`,
    [domainId, contributorId, after],
  )
  return rows.map(({ slot }) => slot)
}

async function refoldSlots(
  tx: Transaction,
  { domainId, contributorId, evidence, now }: RefoldShared,
  slots: readonly number[],
): Promise<number> {
  const kind: ResourceKind = CLOUD_SERVICE
  const rows = await tx.query<{ targetId: string }>(
    'select target_id from contribution where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[])',
    [domainId, contributorId, int4Array(slots)],
  )
  const ids = rows.map(({ targetId }) => targetId)
  const locked = await lockResources(tx, domainId, kind, ids)
  const contributions = await listContributions(tx, domainId, ids)
  const changed = [...locked].flatMap(([id, stored]) => {
    const known = contributions.get(id) ?? []
    if (stored.isDeleted || known.length === 0) return []
    const before = stored.read()
    const folded = foldLayers(kind, toLayers(known, before), manualLayerOf(known))
    // The key stays: whoever claims the resource now brings its own with the next sighting.
    const key = Object.fromEntries(kind.naturalKey.map((column) => [column, before[column] ?? '']))
    const document = { ...folded, ...key }
    const { columns, changes } = diffDocuments(kind, before, document)
    return columns.length === 0 ? [] : [{ id, document, columns, changes }]
  })
  const resources = changed.map(({ id, document, columns }) => toChanged(id, document, columns))
  await updateResources(tx, { domainId, kind, resources, now })
  const records = changed.map(({ id, changes }) => ({
    targetId: id,
    action: 'UPDATE' as const,
    changes,
    evidence,
  }))
  await insertChangeRecords(tx, { domainId, taskSeq: null, now, records })
  const events = changed.map(({ id, document }) => ({
    id,
    kind: kindPath(kind, document),
    type: 'cloud_service.updated' as const,
  }))
  await recordResourceEvents(tx, { domainId, taskSeq: null, changes: events })
  return changed.length
}
