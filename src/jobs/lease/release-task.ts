import type { Database } from '../../storage/index.ts'
import type { TaskQueue } from '../queue/queue.ts'
import type { TaskLease } from '../task.ts'
import { LeaseLost } from './lease-lost.ts'

const RELEASE_TASK = `
update job_task
   set status = 'PENDING', lease_owner = '', lease_expires_at = null,
       due_at = now() + $4 * interval '1 millisecond', failed_attempts = failed_attempts + ($5 = 'failed')::int,
       lost_attempts = lost_attempts + ($5 = 'lost')::int,
       last_failure = case when $6 = '' then last_failure else $6 end
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

export type ReleaseOptions = {
  /** From when on the task may be taken again, from now. */
  readonly delayMs: number
  /** Which limit this attempt counts against; none when its worker just stops. */
  readonly counts: 'failed' | 'lost' | 'nothing'
  /** What readers may know of the failure. */
  readonly failure?: string
}

/** Gives a task back for its next attempt. Throws `LeaseLost` when it has moved on. */
export async function releaseTask(
  deps: { readonly db: Database; readonly queue: TaskQueue },
  lease: TaskLease,
  { delayMs, counts, failure = '' }: ReleaseOptions,
): Promise<void> {
  const { domainId, jobTaskId, attempt } = lease
  await deps.db.transaction(async (tx) => {
    const rows = await tx.query(RELEASE_TASK, [domainId, jobTaskId, attempt, delayMs, counts, failure])
    if (rows.length === 0) throw new LeaseLost(lease)
    await deps.queue.wake(tx, lease, { delayMs })
  })
}
