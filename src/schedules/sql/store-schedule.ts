import type { Transaction } from '../../storage/index.ts'
import { longestGapS } from '../longest-gap.ts'
import { planOf, type Schedule } from '../schedule.ts'

const STORE_SCHEDULE = `
update schedule set name = $3, collect_mode = $4, filter = $5, cron = $6, interval_s = $7, minutes = $8, hours = $9,
                    time_zone = $10, counts_from = $11, next_due_at = $12, missed_at = $13,
                    longest_gap_s = $14
 where domain_id = $1 and schedule_id = $2`

/** Stores everything of a schedule that may change; its row must be held. */
export async function storeSchedule(tx: Transaction, schedule: Schedule): Promise<void> {
  const { scheduled } = schedule
  await tx.query(STORE_SCHEDULE, [
    schedule.domainId,
    schedule.scheduleId,
    schedule.name,
    schedule.collectMode,
    JSON.stringify(schedule.filter),
    scheduled.cron,
    scheduled.interval,
    scheduled.minutes,
    scheduled.hours,
    schedule.timeZone,
    schedule.countsFrom,
    schedule.nextDueAt,
    schedule.missedAt,
    longestGapS(planOf(schedule), schedule.countsFrom),
  ])
}
