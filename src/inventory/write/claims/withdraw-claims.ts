import { type ResourceChange, recordResourceEvents } from '../../../events/index.ts'
import { int4Array, type Transaction, textArray } from '../../../storage/index.ts'
import { diffDocuments } from '../../diff.ts'
import { foldLayers } from '../../fold.ts'
import { CLOUD_SERVICE, kindPath, type ResourceDocument } from '../../kinds.ts'
import { type ChangeEvidence, type ChangeRecord, insertChangeRecords } from '../history/change-records.ts'
import { type Contribution, listContributions } from '../store/contributions.ts'
import { manualLayerOf, toLayers } from '../store/layers-of.ts'
import { lockResources } from '../store/lock-resources.ts'
import { type ChangedResource, toChanged, updateResources } from '../store/update-resources.ts'
import { noteEndedClaims } from './note-ended-claims.ts'

type WithdrawClaims = {
  readonly domainId: string
  readonly contributorId: number
  /** Claims to end, with the reason that the history gives for each. */
  readonly claims: readonly { readonly slot: number; readonly evidence: ChangeEvidence }[]
  /** Sequence of the task whose run ends them; null for a call. */
  readonly taskSeq: number | null
  /**
   * Asked once the claims are locked, and with them their resources: which slots may still end. Default: all
   * of them.
   */
  readonly chooseLocked?: () => Promise<ReadonlySet<number>>
  readonly now: Date
}

/**
 * Ends what one contributor says about these cloud services. What others say is folded again without it; a
 * resource of which nobody speaks any more becomes DELETED, and keeps its document. What was made by hand
 * stays. Claims that are gone already are passed over, so that it can be repeated. Returns how many resources
 * are newly DELETED.
 *
 * Rows are locked as batches lock them: resources by id, then contributions by slot.
 */
export async function withdrawClaims(tx: Transaction, withdraw: WithdrawClaims): Promise<number> {
  const { domainId, contributorId, now } = withdraw
  const evidence = new Map(withdraw.claims.map((claim) => [claim.slot, claim.evidence]))
  const targets = await listTargets(tx, withdraw)
  const stored = await lockResources(tx, domainId, CLOUD_SERVICE, targets)
  const chosen = await chooseLocked(tx, withdraw)
  const contributions = await listContributions(tx, domainId, targets)
  const byHand = await listMadeByHand(tx, domainId, targets)

  const withdrawals = targets.flatMap((targetId): Withdrawal[] => {
    const resource = stored.get(targetId)
    const known = contributions.get(targetId) ?? []
    const own = known.find(
      (each) => each.contributorId === contributorId && evidence.has(each.slot) && chosen.has(each.slot),
    )
    if (resource === undefined || resource.isDeleted || own === undefined) return []
    const others = known.filter((each) => each !== own)
    const why = evidence.get(own.slot)
    const before = resource.read()
    const kind = kindPath(CLOUD_SERVICE, before)
    return [
      {
        targetId,
        slot: own.slot,
        kind,
        why,
        ...planWithdrawal(before, others, byHand.has(targetId)),
      },
    ]
  })

  const deleted = withdrawals.filter(({ isDeleted }) => isDeleted).map(({ targetId }) => targetId)
  await markDeleted(tx, domainId, deleted, now)
  const resources = withdrawals.flatMap(({ targetId, after, columns }): ChangedResource[] =>
    after === undefined ? [] : [toChanged(targetId, after, columns)],
  )
  await updateResources(tx, { domainId, kind: CLOUD_SERVICE, resources, now })
  const { taskSeq } = withdraw
  await insertChangeRecords(tx, { domainId, taskSeq, now, records: withdrawals.map(toRecord) })
  await recordResourceEvents(tx, { domainId, taskSeq, changes: withdrawals.flatMap(toEvents) })
  const outlived = withdrawals.filter(({ isDeleted }) => !isDeleted).map(({ slot }) => slot)
  await noteEndedClaims(tx, { domainId, contributorId, slots: outlived, now })
  await deleteClaims(tx, { domainId, contributorId, slots: withdrawals.map(({ slot }) => slot), deleted })
  return deleted.length
}

async function chooseLocked(tx: Transaction, withdraw: WithdrawClaims): Promise<ReadonlySet<number>> {
  const { domainId, contributorId } = withdraw
  const slots = withdraw.claims.map(({ slot }) => slot)
  if (withdraw.chooseLocked === undefined) return new Set(slots)
  await tx.query(
    `select 1 from contribution where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[])
      order by slot for update`,
    [domainId, contributorId, int4Array(slots)],
  )
  return await withdraw.chooseLocked()
}

type Withdrawal = {
  readonly targetId: string
  readonly slot: number
  readonly kind: string
  readonly why: ChangeEvidence | undefined
  readonly isDeleted: boolean
  /** The document without the claim, where that makes a difference. */
  readonly after: ResourceDocument | undefined
  /** Names of the columns in which it does. */
  readonly columns: readonly string[]
  readonly changes: ChangeRecord['changes']
}

/** What becomes of a resource when one claim ends and these others stay. Pure. */
function planWithdrawal(
  before: ResourceDocument,
  others: readonly Contribution[],
  isMadeByHand: boolean,
): Omit<Withdrawal, 'targetId' | 'slot' | 'kind' | 'why'> {
  const isClaimed = others.some(({ isManual }) => !isManual)
  if (!isClaimed && !isMadeByHand) {
    const changes = [{ p: 'state', b: 'ACTIVE', a: 'DELETED' }]
    return { isDeleted: true, after: undefined, columns: [], changes }
  }
  const byHand = manualLayerOf(others)
  if (!isClaimed && byHand === undefined)
    return { isDeleted: false, after: undefined, columns: [], changes: [] }
  const after = keepKey(before, foldLayers(CLOUD_SERVICE, toLayers(others, before), byHand))
  const { columns, changes } = diffDocuments(CLOUD_SERVICE, before, after)
  return { isDeleted: false, after: columns.length > 0 ? after : undefined, columns, changes }
}

// Under another key it might meet a twin. Whoever claims it now brings its own key with the next sighting.
function keepKey(before: ResourceDocument, after: ResourceDocument): ResourceDocument {
  return {
    ...after,
    ...Object.fromEntries(CLOUD_SERVICE.naturalKey.map((column) => [column, before[column] ?? ''])),
  }
}

function toRecord({ targetId, isDeleted, changes, why }: Withdrawal): ChangeRecord {
  const action = isDeleted ? 'DELETE' : 'UPDATE'
  return { targetId, action, changes, ...(why === undefined ? {} : { evidence: why }) }
}

function toEvents({ targetId, kind, isDeleted, after }: Withdrawal): readonly ResourceChange[] {
  if (isDeleted) return [{ id: targetId, kind, type: 'cloud_service.deleted' }]
  return after === undefined ? [] : [{ id: targetId, kind, type: 'cloud_service.updated' }]
}

async function listTargets(
  tx: Transaction,
  { domainId, contributorId, claims }: WithdrawClaims,
): Promise<readonly string[]> {
  const rows = await tx.query<{ targetId: string }>(
    `select distinct target_id from contribution
      where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[]) and kind = ${CLOUD_SERVICE.code}
      order by target_id`,
    [domainId, contributorId, int4Array(claims.map(({ slot }) => slot))],
  )
  return rows.map(({ targetId }) => targetId)
}

async function listMadeByHand(
  tx: Transaction,
  domainId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `select cloud_service_id as id from cloud_service
      where domain_id = $1 and cloud_service_id = any($2::text[]) and created_seq is null`,
    [domainId, textArray(ids)],
  )
  return new Set(rows.map(({ id }) => id))
}

async function markDeleted(
  tx: Transaction,
  domainId: string,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return
  await tx.query(
    `update cloud_service set state = 'DELETED', deleted_at = $3, updated_at = $3
      where domain_id = $1 and cloud_service_id = any($2::text[])`,
    [domainId, textArray(ids), now],
  )
}

/** Own claims by slot; of deleted resources also what was written by hand. */
async function deleteClaims(
  tx: Transaction,
  ended: {
    domainId: string
    contributorId: number
    slots: readonly number[]
    deleted: readonly string[]
  },
): Promise<void> {
  await tx.query(
    'delete from contribution where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[])',
    [ended.domainId, ended.contributorId, int4Array(ended.slots)],
  )
  if (ended.deleted.length === 0) return
  await tx.query('delete from contribution where domain_id = $1 and target_id = any($2::text[])', [
    ended.domainId,
    textArray(ended.deleted),
  ])
}
