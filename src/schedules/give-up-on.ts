import { lockFreeCollectors, refuseUnattended } from '../collectors/index.ts'
import { refuseJobs } from '../jobs/index.ts'
import type { DispatchDeps } from './dispatch-due.ts'
import type { Fired } from './fire-schedules.ts'
import { nextDue } from './next-due.ts'
import { planOf, type Schedule, type ScheduleKey } from './schedule.ts'
import { claimOne } from './sql/claim-due.ts'
import { databaseNow } from './sql/database-now.ts'
import { moveSchedules } from './sql/move-schedules.ts'

/**
 * Moves a schedule on whose job cannot be written, so that it does not come up again at once and for ever,
 * and leaves a job that says so. The log has the whole error.
 */
export async function giveUpOn(deps: DispatchDeps, key: ScheduleKey): Promise<Fired> {
  return await deps.db.transaction(async (tx) => {
    const now = await (deps.clock ?? databaseNow)(tx)
    const [schedule] = await claimOne(tx, key, now)
    const [collector] = schedule === undefined ? [] : await lockFreeCollectors(tx, [schedule])
    if (schedule === undefined || collector === undefined) return { started: 0, refused: 0, passed: 0 }
    const { domainId, scheduleId, filter, collectMode } = schedule
    const request = { collector, filter, collectMode, secretId: '', plannedAt: now }
    await refuseJobs(tx, [refuseUnattended(request, UNEXPECTED)])
    await moveSchedules(tx, [
      { domainId, scheduleId, nextDueAt: nextReadable(schedule, now), missedAt: null, scheduledAt: now },
    ])
    return { started: 0, refused: 1, passed: 0 }
  })
}

const UNEXPECTED = { code: 'ERROR_UNKNOWN', message: 'an unexpected error, which the server log describes' }

/** Null, never again until it is changed, for a plan that this server cannot read any more. */
function nextReadable(schedule: Schedule, now: Date): Date | null {
  try {
    return nextDue(planOf(schedule), now) ?? null
  } catch {
    return null
  }
}
