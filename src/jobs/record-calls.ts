import type { Database } from '../storage/index.ts'
import type { ApiCalls } from './api-calls.ts'
import type { TaskLease } from './task.ts'

const RECORD_CALLS = `
update job_task set calls = $4
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'`

/**
 * Stores what an attempt has made of the provider's APIs, in place of what the one before it has. Nothing is written when the
 * task has moved on.
 */
export async function recordCalls(
  db: Database,
  { attempt, domainId, jobTaskId }: TaskLease,
  calls: readonly ApiCalls[],
): Promise<void> {
  if (calls.length === 0) return
  const stored = calls.map(({ waitSeconds, ...counts }) => ({ ...counts, wait_seconds: waitSeconds }))
  await db.query(RECORD_CALLS, [domainId, jobTaskId, attempt, JSON.stringify(stored)])
}
