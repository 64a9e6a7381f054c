import type { Sql } from '../../storage/index.ts'
import { longestGapS } from '../longest-gap.ts'
import { planOf, type Schedule } from '../schedule.ts'

const INSERT_SCHEDULE = `
insert into schedule (domain_id, schedule_id, collector_id, name, collect_mode, filter, cron, interval_s, minutes,
                      hours, time_zone, counts_from, next_due_at, created_at, longest_gap_s)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`

/** Stores a new schedule. */
export async function insertSchedule(
  sql: Sql,
  schedule: Schedule & { readonly createdAt: Date },
): Promise<void> {
  const { scheduled } = schedule
  await sql.query(INSERT_SCHEDULE, [
    schedule.domainId,
    schedule.scheduleId,
    schedule.collectorId,
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
    schedule.createdAt,
    longestGapS(planOf(schedule), schedule.countsFrom),
  ])
}
