import type { Database } from '../../storage/index.ts'
import { type ApiCalls, toStored } from '../api-calls.ts'
import type { TaskLease } from '../task.ts'

export type ReportedCalls = {
  readonly calls: readonly ApiCalls[]
  /** Of all of them together; 0 where none was predicted. */
  readonly predictedSeconds: number
}

const RECORD_CALLS = `
update job_task set calls = $4, predicted_seconds = $5
 where domain_id = $1 and job_task_id = $2 and attempt = $3 and status = 'IN_PROGRESS'`

/**
 * Stores what an attempt has made of the provider's APIs, in place of what the one before it has. Nothing is
 * written when the task has moved on.
 */
export async function recordCalls(
  db: Database,
  { attempt, domainId, jobTaskId }: TaskLease,
  { calls, predictedSeconds }: ReportedCalls,
): Promise<void> {
  if (calls.length === 0 && predictedSeconds === 0) return
  const stored = JSON.stringify(calls.map(toStored))
  await db.query(RECORD_CALLS, [domainId, jobTaskId, attempt, stored, predictedSeconds])
}
