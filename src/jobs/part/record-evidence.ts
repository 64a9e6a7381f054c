import type { EvidenceCounts } from '../../coverage/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import type { TaskLease } from '../task.ts'

const RECORD_EVIDENCE = `
update job_task
   set disconnected_count = disconnected_count + $4, deleted_count = deleted_count + $5
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

/** Adds what absence meant to its task, as `recordBatch` does for what was seen. Throws `LeaseLost`. */
export async function recordEvidence(
  tx: Transaction,
  lease: TaskLease,
  { disconnected, deleted }: EvidenceCounts,
): Promise<void> {
  const { domainId, jobTaskId, attempt } = lease
  const rows = await tx.query(RECORD_EVIDENCE, [domainId, jobTaskId, attempt, disconnected, deleted], {
    name: 'record_evidence',
  })
  if (rows.length === 0) throw new LeaseLost(lease)
}
