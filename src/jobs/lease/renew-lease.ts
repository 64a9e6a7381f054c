import type { Database } from '../../storage/index.ts'
import type { TaskLease } from '../task.ts'
import { LeaseLost } from './lease-lost.ts'

const RENEW_LEASE = `
update job_task
   set lease_expires_at = now() + $4 * interval '1 millisecond'
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'
returning 1 as held`

/** Keeps a task for another `leaseMs` by the database's clock; throws `LeaseLost` when it has moved on. */
export async function renewLease(db: Database, lease: TaskLease, leaseMs: number): Promise<void> {
  const { domainId, jobTaskId, attempt } = lease
  const rows = await db.query(RENEW_LEASE, [domainId, jobTaskId, attempt, leaseMs], { name: 'renew_lease' })
  if (rows.length === 0) throw new LeaseLost(lease)
}
