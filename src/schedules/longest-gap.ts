import { nextDue } from './next-due.ts'
import type { SchedulePlan } from './plan.ts'

/** Each costs up to a millisecond. Twelve weeks of working days, and a week of every minute. */
const MAX_LOOKS = 60
/** More than a year. What comes more seldom is looked at once. */
const AHEAD_MS = 400 * 24 * 3_600_000
/** Of due times that come thicker not each is looked at. */
const STEP_MS = 6 * 3_600_000

/**
 * The longest time, in seconds, between due times of a plan that follow each other, among those that come
 * next; 0 where there are no two. Where due times come within six hours of each other it may be told as up to
 * six hours too long. Pure.
 */
export function longestGapS(plan: SchedulePlan, after: Date): number {
  if (plan.kind === 'interval') return plan.intervalS
  let last = nextDue(plan, after)?.getTime()
  if (last === undefined) return 0
  const end = last + AHEAD_MS
  let longest: number | null = null
  for (let looks = 0, from = last; looks < MAX_LOOKS && (from < end || longest === null); looks++) {
    const due = nextDue(plan, new Date(from))?.getTime()
    if (due === undefined) break
    longest = Math.max(longest ?? 0, due - last)
    from = due - last < STEP_MS ? due + STEP_MS : due
    last = due
  }
  return (longest ?? 0) / 1_000
}
