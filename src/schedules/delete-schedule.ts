import type { Context } from '../access/index.ts'
import { lockCollector } from '../collectors/index.ts'
import { assertNoViolations } from '../core/violations.ts'
import type { ScheduleKey } from './schedule.ts'
import { missingIds } from './schedule-violations.ts'
import { lockSchedule } from './sql/lock-schedule.ts'

const DELETE_SCHEDULE = 'delete from schedule where domain_id = $1 and schedule_id = $2'

/** Removes a schedule. A job it has started goes on. */
export async function deleteSchedule(ctx: Context, key: ScheduleKey): Promise<void> {
  const { domainId, collectorId, scheduleId } = key
  assertNoViolations(missingIds(key))
  await ctx.db.transaction(async (tx) => {
    await lockCollector(tx, key)
    await lockSchedule(tx, key)
    await tx.query(DELETE_SCHEDULE, [domainId, scheduleId])
  })
  ctx.log.info({ domainId, collectorId, scheduleId }, 'schedule deleted')
}
