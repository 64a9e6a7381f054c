import { jsonbArray, type Transaction, textArray } from '../../storage/index.ts'
import type { Change } from '../diff.ts'

/** Records what a run changed in cloud services, in the transaction that changes them. */
export async function insertChangeRecords(
  tx: Transaction,
  write: {
    domainId: string
    taskSeq: number
    now: Date
    records: readonly { readonly targetId: string; readonly changes: readonly Change[] }[]
  },
): Promise<void> {
  const records = write.records.filter(({ changes }) => changes.length > 0)
  if (records.length === 0) return
  await tx.query(
    `insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, created_at)
     select $1, r.id, 'UPDATE', $2, r.changes, $3
       from unnest($4::text[], $5::jsonb[]) as r(id, changes)`,
    [
      write.domainId,
      write.taskSeq,
      write.now,
      textArray(records.map(({ targetId }) => targetId)),
      jsonbArray(records.map(({ changes }) => JSON.stringify(changes))),
    ],
    { name: 'insert_change_records' },
  )
}
