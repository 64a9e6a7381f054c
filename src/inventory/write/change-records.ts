import { jsonbArray, type Transaction, textArray } from '../../storage/index.ts'
import type { Change } from '../diff.ts'

export type ChangeRecord = {
  readonly targetId: string
  /** CREATE is a deleted resource that came back: the first creation has no record (ADR 1). */
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly changes: readonly Change[]
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
    `insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, created_at)
     select $1, r.id, r.action, $2::bigint, r.changes, $3
       from unnest($4::text[], $5::text[], $6::jsonb[]) as r(id, action, changes)`,
    [
      write.domainId,
      write.taskSeq,
      write.now,
      textArray(records.map(({ targetId }) => targetId)),
      textArray(records.map(({ action }) => action)),
      jsonbArray(records.map(({ changes }) => JSON.stringify(changes))),
    ],
    { name: 'insert_change_records' },
  )
}
