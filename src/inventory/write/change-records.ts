import { jsonbArray, type Transaction, textArray } from '../../storage/index.ts'
import type { Change } from '../diff.ts'

export type ChangeRecord = {
  readonly targetId: string
  /** CREATE is a deleted resource that came back: the first creation has no record (ADR 1). */
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly changes: readonly Change[]
  /** Why, where no new document of the run was the reason: see `ChangeEvidence`. */
  readonly evidence?: ChangeEvidence
}

/** Why a resource changed although nobody reported anything new about it. */
export type ChangeEvidence =
  /** Claims ended because their resource was missing under these receipts. */
  | { readonly kind: 'absence'; readonly ended: readonly EndedClaim[]; readonly released_by?: string }
  /** Claims ended because somebody retired who made them. */
  | { readonly kind: 'retired'; readonly ended: readonly EndedClaim[]; readonly by: string }
  /** A deletion was taken back by hand. */
  | { readonly kind: 'undo'; readonly by: string }

/** A claim that ended, with the jobs whose receipts prove the absence. */
export type EndedClaim = {
  readonly contributor_id: number
  readonly collector_id: string
  readonly receipts: readonly { readonly job_id: string; readonly grade: string; readonly at: string }[]
}

/**
 * Records what changed in cloud services, in the transaction that changes them; `taskSeq` null says by hand. Changes
 * of `metadata` alone leave no record.
 */
export async function insertChangeRecords(
  tx: Transaction,
  write: {
    domainId: string
    taskSeq: number | null
    now: Date
    records: readonly ChangeRecord[]
  },
): Promise<void> {
  const records = write.records.filter(({ changes }) => changes.length > 0)
  if (records.length === 0) return
  await tx.query(
    `insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, evidence, created_at)
     select $1, r.id, r.action, $2::bigint, r.changes, r.evidence, $3
       from unnest($4::text[], $5::text[], $6::jsonb[], $7::jsonb[]) as r(id, action, changes, evidence)`,
    [
      write.domainId,
      write.taskSeq,
      write.now,
      textArray(records.map(({ targetId }) => targetId)),
      textArray(records.map(({ action }) => action)),
      jsonbArray(records.map(({ changes }) => JSON.stringify(changes))),
      jsonbArray(records.map(({ evidence }) => (evidence === undefined ? null : JSON.stringify(evidence)))),
    ],
    { name: 'insert_change_records' },
  )
}
