import type { Transaction } from '../../storage/index.ts'
import { fromRow, type Schedule, type ScheduleRow } from '../schedule.ts'

// The oldest first, by schedule_due alone: a join here could make the planner read the whole table.
const CLAIM_DUE = `
select * from schedule where next_due_at <= $1 order by next_due_at limit $2 for update skip locked`

const CLAIM_ONE = `
select * from schedule where domain_id = $1 and schedule_id = $2 and next_due_at <= $3 for update skip locked`

/**
 * Holds schedules that are due, at most `limit`, oldest first. Those that another scheduler holds are left to
 * it.
 */
export async function claimDue(
  tx: Transaction,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly Schedule[]> {
  return (await tx.query<ScheduleRow>(CLAIM_DUE, [now, limit], { name: 'claim-due' })).map(fromRow)
}

/** Holds this one schedule if it is still due. */
export async function claimOne(
  tx: Transaction,
  { domainId, scheduleId }: { readonly domainId: string; readonly scheduleId: string },
  now: Date,
): Promise<readonly Schedule[]> {
  return (await tx.query<ScheduleRow>(CLAIM_ONE, [domainId, scheduleId, now])).map(fromRow)
}
