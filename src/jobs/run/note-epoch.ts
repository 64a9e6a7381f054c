import { MIXED_EPOCH } from '../../coverage/index.ts'
import type { Database } from '../../storage/index.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import type { TaskLease } from '../task.ts'

/** What becomes of the column where a parameter is the epoch of one more attempt. */
export const notedEpoch = (param: `$${number}`) =>
  `case when epoch in ('', ${param}) then ${param} else '${MIXED_EPOCH}' end`

const NOTE_EPOCH = `
update job_task set epoch = ${notedEpoch('$4')}
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

/**
 * Notes on a task what decides what its attempt can see, before anything is read. The attempt that prepares
 * the task notes it with that, in one commit (`split-task.ts`). Throws `LeaseLost`.
 */
export async function noteEpoch(db: Database, lease: TaskLease, epoch: string): Promise<void> {
  const { domainId, jobTaskId, attempt } = lease
  const rows = await db.query(NOTE_EPOCH, [domainId, jobTaskId, attempt, epoch], { name: 'note_epoch' })
  if (rows.length === 0) throw new LeaseLost(lease)
}
