import type { DueDecision } from '../../../src/schedules/decide-due.ts'
import { nextDue } from '../../../src/schedules/next-due.ts'
import { planOf, type Schedule } from '../../../src/schedules/schedule.ts'
import { offsetAt } from '../../../src/schedules/zone.ts'
import type { ScheduleBug } from './planted-bugs.ts'

const HOUR = 3_600_000

/** A decision with a planted mistake in its next due time; as it is where none is planted. */
export function distort(
  schedule: Schedule,
  decision: DueDecision,
  { now, bug }: { readonly now: Date; readonly bug: ScheduleBug | undefined },
): DueDecision {
  const next = decision.nextDueAt
  if (next === null || decision.kind === 'defer' || bug === undefined) return decision
  const { timeZone, nextDueAt: last } = schedule
  const changedBy = offsetAt(timeZone, next.getTime()) - offsetAt(timeZone, next.getTime() - 1)
  switch (bug) {
    case 'next due time counted from the last one':
      return { ...decision, nextDueAt: nextDue(planOf(schedule), last ?? now) ?? null }
    case 'wall time that is left out is skipped':
      return changedBy > 0 ? { ...decision, nextDueAt: nextDue(planOf(schedule), next) ?? null } : decision
    case 'wall time that comes twice is due twice': {
      const again = new Date((last ?? now).getTime() + HOUR)
      const isSecond =
        last !== null && offsetAt(timeZone, again.getTime()) === offsetAt(timeZone, last.getTime()) - HOUR
      return isSecond && again > now ? { ...decision, nextDueAt: again } : decision
    }
    case 'change of clocks ignored': {
      const drift = offsetAt(timeZone, next.getTime()) - offsetAt(timeZone, now.getTime())
      const shifted = new Date(next.getTime() + drift)
      return shifted > now ? { ...decision, nextDueAt: shifted } : decision
    }
    default:
      return decision
  }
}
