import { MIXED_EPOCH } from '../coverage/index.ts'
import type { Database } from '../storage/index.ts'
import { LeaseLost } from './lease-lost.ts'
import type { TaskLease } from './task.ts'

const NOTE_EPOCH = `
update job_task set epoch = case when epoch in ('', $4) then $4 else '${MIXED_EPOCH}' end
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

/** Notes on a task what decides what its attempt can see, before anything is read. Throws `LeaseLost`. */
export async function noteEpoch(db: Database, lease: TaskLease, epoch: string): Promise<void> {
  const { domainId, jobTaskId, attempt } = lease
  const rows = await db.query(NOTE_EPOCH, [domainId, jobTaskId, attempt, epoch], { name: 'note_epoch' })
  if (rows.length === 0) throw new LeaseLost(lease)
}
