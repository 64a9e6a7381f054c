import type { Context } from '../access/index.ts'
import { lockCollector } from '../collectors/index.ts'
import { InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { shown } from '../core/shown.ts'
import { assertNoViolations } from '../core/violations.ts'
import { nextDue } from './next-due.ts'
import { nextRuns, type ScheduleRunsView } from './next-runs.ts'
import { planOf, type ScheduleKey } from './schedule.ts'
import { missingIds } from './schedule-violations.ts'
import { databaseNow } from './sql/database-now.ts'
import { lockSchedule } from './sql/lock-schedule.ts'
import { storeSchedule } from './sql/store-schedule.ts'
import { knownZone } from './zone.ts'

/**
 * Says in which zone the wall times of a schedule are read. Its next due time is decided anew from this
 * moment.
 */
export async function setTimeZone(
  ctx: Context,
  input: ScheduleKey & { readonly timeZone: string },
): Promise<ScheduleRunsView> {
  const { domainId, collectorId, scheduleId } = input
  const timeZone = knownZone(input.timeZone)
  assertNoViolations([
    ...missingIds(input),
    ...(timeZone === undefined ? [zoneViolation(input.timeZone)] : []),
  ])
  await ctx.db.transaction(async (tx) => {
    await lockCollector(tx, { domainId, collectorId })
    const schedule = { ...(await lockSchedule(tx, input)), timeZone: timeZone ?? 'UTC' }
    const now = await databaseNow(tx)
    const nextDueAt = nextDue(planOf(schedule), now) ?? null
    await storeSchedule(tx, { ...schedule, nextDueAt, missedAt: null })
  })
  ctx.log.info({ domainId, collectorId, scheduleId, timeZone }, 'time zone of a schedule set')
  return await nextRuns(ctx, { domainId, collectorId, scheduleId })
}

function zoneViolation(text: string): RequiredParameter | InvalidParameter {
  if (text === '') return new RequiredParameter('time_zone')
  const reason = `'${shown(text)}' is no zone of the IANA database that this server knows. Names look like Europe/Berlin`
  return new InvalidParameter('time_zone', reason)
}
