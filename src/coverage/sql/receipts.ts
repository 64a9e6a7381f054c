import { SlotSet } from '../../inventory/write/index.ts'
import type { Sql, Transaction } from '../../storage/index.ts'
import type { Grade } from '../settings.ts'
import type { ContributorKey } from './claim-state.ts'

export type Receipt = {
  readonly taskSeq: number
  readonly jobId: string
  readonly epoch: string
  readonly grade: Grade
  readonly isCounted: boolean
  readonly cells: number
  readonly withheld: number
  readonly missed: SlotSet
  readonly createdAt: Date
}

export async function insertReceipt(tx: Transaction, key: ContributorKey, receipt: Receipt): Promise<void> {
  await tx.query(
    `insert into receipt (domain_id, contributor_id, task_seq, job_id, epoch, grade, is_counted, cells, withheld,
                          missed, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      key.domainId,
      key.contributorId,
      receipt.taskSeq,
      receipt.jobId,
      receipt.epoch,
      receipt.grade,
      receipt.isCounted,
      receipt.cells,
      receipt.withheld,
      receipt.missed.toBytes(),
      receipt.createdAt,
    ],
    { name: 'insert_receipt' },
  )
}

/** Whether a task has earned its receipt already, in an attempt that died before it could end the task. */
export async function hasReceipt(
  sql: Sql,
  key: ContributorKey & { readonly taskSeq: number },
): Promise<boolean> {
  const rows = await sql.query(
    'select 1 from receipt where domain_id = $1 and contributor_id = $2 and task_seq = $3',
    [key.domainId, key.contributorId, key.taskSeq],
    { name: 'has_receipt' },
  )
  return rows.length > 0
}

/** A receipt that missed something, as evidence. */
export type MissingReceipt = Pick<Receipt, 'jobId' | 'grade' | 'createdAt' | 'missed'>

/** Reads the receipts of one epoch that missed something, the newest first. */
export async function listMissingReceipts(
  sql: Sql,
  key: ContributorKey,
  { epoch, limit }: { readonly epoch: string; readonly limit: number },
): Promise<readonly MissingReceipt[]> {
  const rows = await sql.query<Omit<MissingReceipt, 'missed'> & { readonly missed: Buffer }>(
    `select job_id, grade, created_at, missed from receipt
      where domain_id = $1 and contributor_id = $2 and epoch = $3 and missed <> ''
      order by task_seq desc limit $4`,
    [key.domainId, key.contributorId, epoch, limit],
  )
  return rows.map((row) => ({ ...row, missed: SlotSet.fromBytes(row.missed) }))
}
