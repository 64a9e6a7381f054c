import { nextDue } from './next-due.ts'
import { planOf, type Schedule } from './schedule.ts'

/** A due time that has waited longer than this was missed: no scheduler ran. Milliseconds. */
const MISSED_AFTER_MS = 60_000

/** Missed runs are made up for within this time, each at a moment of its own. Milliseconds. */
const SPREAD_MS = 60_000

/** What becomes of a schedule that is due. */
export type DueDecision = {
  /**
   * - `fire`: it starts a job.
   * - `skip`: its collector is disabled; the time passes.
   * - `defer`: it was missed, and is made up for a little later, so that not all that were missed start
   *   together.
   */
  readonly kind: 'fire' | 'skip' | 'defer'
  readonly nextDueAt: Date | null
  readonly missedAt: Date | null
}

/**
 * Decides over a schedule whose due time has come. The next one always lies after `now`: however many were
 * missed, one job makes up for them, and a clock that goes back finds the schedule already moved on.
 */
export function decideDue(
  schedule: Schedule,
  { isEnabled, now }: { isEnabled: boolean; now: Date },
): DueDecision {
  const next = nextDue(planOf(schedule), now) ?? null
  if (!isEnabled) return { kind: 'skip', nextDueAt: next, missedAt: null }
  if (isMissed(schedule, now))
    return { kind: 'defer', nextDueAt: makeUpAt(schedule, now, next), missedAt: schedule.nextDueAt }
  return { kind: 'fire', nextDueAt: next, missedAt: null }
}

function isMissed({ nextDueAt, missedAt }: Schedule, now: Date): boolean {
  return missedAt === null && nextDueAt !== null && now.getTime() - nextDueAt.getTime() > MISSED_AFTER_MS
}

/** Before the next regular time, which would otherwise count for both. */
function makeUpAt({ scheduleId }: Schedule, now: Date, next: Date | null): Date {
  const room = next === null ? SPREAD_MS : Math.min(SPREAD_MS, next.getTime() - now.getTime())
  return new Date(now.getTime() + Math.floor(placeOf(scheduleId) * room))
}

/** A number from 0 to below 1 out of an id's random digits. */
function placeOf(scheduleId: string): number {
  const digits = /[0-9a-f]{6}$/.exec(scheduleId)?.[0] ?? '0'
  return Number.parseInt(digits, 16) / 16 ** 6
}
