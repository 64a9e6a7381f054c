import { randomBytes } from 'node:crypto'
import { SlotSet } from '../../inventory/write/index.ts'
import type { Sql, Transaction } from '../../storage/index.ts'
import type { HoldChanges, OpenHold } from '../holds/merge-holds.ts'
import type { PlannedHold } from '../holds/plan-holds.ts'
import type { ContributorKey } from './claim-state.ts'

type HoldRow = {
  readonly holdId: string
  readonly reason: OpenHold['reason']
  readonly scope: OpenHold['scope']
  readonly provider: string
  readonly cloudServiceGroup: string
  readonly cloudServiceType: string
  readonly account: string
  readonly regionCode: string
  readonly slots: Buffer
  readonly ofClaims: number
  readonly receipts: number
  readonly createdAt: Date
}

/**
 * Tells what became of the holds of a statement before it, `h`, in the same statement. `seq` names the
 * sequence of the task whose run did it; null for a call.
 */
const recordHoldEvents = (type: string, seq: string) => `
insert into event (domain_id, type, kind, resource_ids, counts, collector_id, job_id, job_task_id)
select h.domain_id, ${type}, concat_ws('/', nullif(h.provider, ''), nullif(h.cloud_service_group, ''), nullif(h.cloud_service_type, '')),
       array[h.hold_id], jsonb_build_object('held', h.claims, 'of', h.of_claims), b.collector_id,
       coalesce(t.job_id, ''), coalesce(t.job_task_id, '')
  from h
  join contributor b on b.domain_id = h.domain_id and b.contributor_id = h.contributor_id
  left join job_task t on t.domain_id = h.domain_id and t.seq = ${seq}
 order by h.hold_id`

/** Reads the open holds of a contributor, with the claims they keep back. */
export async function listOpenHolds(sql: Sql, key: ContributorKey): Promise<readonly OpenHold[]> {
  const rows = await sql.query<HoldRow>(
    `select * from hold where domain_id = $1 and contributor_id = $2 and state = 'open' order by hold_id`,
    [key.domainId, key.contributorId],
    { name: 'list_open_holds' },
  )
  return rows.map(
    ({ provider, cloudServiceGroup, cloudServiceType, account, regionCode, slots, ...hold }) => ({
      ...hold,
      name: { provider, cloudServiceGroup, cloudServiceType, account, regionCode },
      slots: slotsOf(slots),
    }),
  )
}

type HoldWrite = ContributorKey & {
  readonly epoch: string
  readonly taskSeq: number
  readonly at: Date
}

export async function storeHolds(tx: Transaction, write: HoldWrite, changes: HoldChanges): Promise<void> {
  for (const hold of changes.opened) await insertHold(tx, write, hold)
  for (const hold of changes.kept) await updateHold(tx, write, hold)
  const { taskSeq, at } = write
  await endHolds(tx, write, { holds: changes.lapsed, state: 'lapsed', by: '', at, taskSeq })
  await endHolds(tx, write, { holds: changes.released, state: 'released', by: 'option', at, taskSeq })
}

async function insertHold(tx: Transaction, write: HoldWrite, hold: PlannedHold): Promise<void> {
  const { name, slots } = hold
  await tx.query(
    `with h as (
     insert into hold (domain_id, hold_id, contributor_id, reason, scope, provider, cloud_service_group,
                       cloud_service_type, account, region_code, slots, claims, of_claims, epoch, receipts,
                       first_seq, last_seq, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $15, $16)
     returning *)
     ${recordHoldEvents(`'hold.opened'`, '$15')}`,
    [
      write.domainId,
      newHoldId(),
      write.contributorId,
      hold.reason,
      hold.scope,
      name.provider,
      name.cloudServiceGroup,
      name.cloudServiceType,
      name.account,
      name.regionCode,
      bytesOf(slots),
      slots.length,
      hold.ofClaims,
      write.epoch,
      write.taskSeq,
      write.at,
    ],
  )
}

async function updateHold(tx: Transaction, write: HoldWrite, hold: OpenHold): Promise<void> {
  await tx.query(
    `update hold set slots = $3, claims = $4, of_claims = $5, receipts = $6, last_seq = $7
      where domain_id = $1 and hold_id = $2 and state = 'open'`,
    [
      write.domainId,
      hold.holdId,
      bytesOf(hold.slots),
      hold.slots.length,
      hold.ofClaims,
      hold.receipts,
      write.taskSeq,
    ],
  )
}

/** Keeps only these claims in a hold that is open. */
export async function keepInHold(
  tx: Transaction,
  { domainId }: Pick<ContributorKey, 'domainId'>,
  { holdId, slots }: Pick<OpenHold, 'holdId' | 'slots'>,
): Promise<void> {
  await tx.query(
    `update hold set slots = $3, claims = $4 where domain_id = $1 and hold_id = $2 and state = 'open'`,
    [domainId, holdId, bytesOf(slots), slots.length],
  )
}

/** Ends holds that are open, and tells it. */
export async function endHolds(
  tx: Transaction,
  { domainId }: Pick<ContributorKey, 'domainId'>,
  end: {
    readonly holds: readonly Pick<OpenHold, 'holdId'>[]
    readonly state: 'lapsed' | 'released'
    readonly by: string
    readonly at: Date
    /** Sequence of the task whose run ends them; null for a call. */
    readonly taskSeq: number | null
  },
): Promise<void> {
  if (end.holds.length === 0) return
  await tx.query(
    `with h as (
     update hold set state = $3, ended_by = $4, ended_at = $5
      where domain_id = $1 and hold_id = any($2) and state = 'open'
     returning *)
     ${recordHoldEvents(`'hold.' || h.state`, '$6::bigint')}`,
    [domainId, end.holds.map(({ holdId }) => holdId), end.state, end.by, end.at, end.taskSeq],
  )
}

function newHoldId(): string {
  return `hold-${randomBytes(6).toString('hex')}`
}

export function slotsOf(bytes: Buffer): readonly number[] {
  const slots: number[] = []
  SlotSet.fromBytes(bytes).forEach((slot) => {
    slots.push(slot)
  })
  return slots
}

function bytesOf(slots: readonly number[]): Buffer {
  const set = new SlotSet()
  for (const slot of slots) set.add(slot)
  return set.toBytes()
}
