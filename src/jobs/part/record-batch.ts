import type { BatchCounts } from '../../inventory/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import type { TaskLease } from '../task.ts'
import { boundErrors, MAX_TASK_ERRORS } from '../task-errors.ts'

// The fence and the counters are one statement: it locks the row, so that a task which moves on waits for
// this transaction, and finds no row when the task has moved on already.
const RECORD_BATCH = `
update job_task
   set created_count   = created_count   + $4,
       updated_count   = updated_count   + $5,
       unchanged_count = unchanged_count + $6,
       failure_count   = failure_count   + $7,
       type_count      = type_count      + $8,
       region_count    = region_count    + $9,
       messages_read   = messages_read   + $10,
       bytes_read      = bytes_read      + $11,
       errors          = case when $12::jsonb = '[]' then errors
                              else jsonb_path_query_array(errors || $12::jsonb, '$[0 to ${MAX_TASK_ERRORS - 1}]')
                         end
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

/**
 * Adds what one batch did to its task. Throws `LeaseLost` when the attempt has moved on, so that the batch's
 * transaction rolls back.
 */
export async function recordBatch(tx: Transaction, lease: TaskLease, counts: BatchCounts): Promise<void> {
  const rows = await tx.query(
    RECORD_BATCH,
    [
      lease.domainId,
      lease.jobTaskId,
      lease.attempt,
      counts.created,
      counts.updated,
      counts.unchanged,
      counts.failed,
      counts.types,
      counts.regions,
      counts.messages,
      counts.bytes,
      JSON.stringify(boundErrors(counts.errors)),
    ],
    { name: 'record_batch' },
  )
  if (rows.length === 0) throw new LeaseLost(lease)
}
