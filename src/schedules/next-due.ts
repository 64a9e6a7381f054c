import type { SchedulePlan } from './plan.ts'
import { type WallTimes, wallTimesOf } from './wall-times.ts'
import { nextTransition, offsetAt } from './zone.ts'

const DAY_MS = 86_400_000

/**
 * The first due time of a plan after an instant; undefined when it never comes due again. What fires, and
 * what "next runs" shows, both come from here.
 *
 * When clocks change: a wall time that the change skips is due at the first moment after it, once, however
 * many of the plan's times were skipped. A wall time that comes twice is due the first time. A plan that
 * names no hour (`*`, or minutes alone) means every hour and not certain ones: it goes on through the change,
 * skips nothing it could make up for, and is due in both passes of an hour that comes twice.
 */
export function nextDue(plan: SchedulePlan, after: Date): Date | undefined {
  const due =
    plan.kind === 'interval' ? nextInterval(plan, after.getTime()) : nextWallDue(plan, after.getTime())
  return due === undefined ? undefined : new Date(due)
}

/** The next due times, at most `count`. */
export function listNextDue(plan: SchedulePlan, after: Date, count: number): readonly Date[] {
  const dues: Date[] = []
  for (let due = nextDue(plan, after); due !== undefined && dues.length < count; due = nextDue(plan, due))
    dues.push(due)
  return dues
}

function nextInterval(
  { intervalS, countsFrom }: Extract<SchedulePlan, { kind: 'interval' }>,
  after: number,
): number {
  const step = intervalS * 1_000
  const start = countsFrom.getTime()
  const passed = Math.floor((after - start) / step)
  return start + Math.max(1, passed + 1) * step
}

function nextWallDue(plan: Exclude<SchedulePlan, { kind: 'interval' }>, after: number): number | undefined {
  const times = wallTimesOf(plan)
  return times.namesNoHour
    ? nextOfEveryHour(times, plan.timeZone, after)
    : nextOfNamedHours(times, plan.timeZone, after)
}

// Later wall times never become earlier instants, so the first one that lies ahead is the next.
function nextOfNamedHours(times: WallTimes, zone: string, after: number): number | undefined {
  let wall = times.next(after + offsetAt(zone, after))
  while (wall !== undefined) {
    const due = instantOf(zone, wall)
    if (due > after) return due
    wall = times.next(wall)
  }
  return undefined
}

/** The first instant at which clocks show a wall time; the first moment after the change if they never do. */
function instantOf(zone: string, wall: number): number {
  // No offset is more than 14 hours, and no two changes are within two days.
  const change = nextTransition(zone, wall - DAY_MS)
  if (change === undefined) return wall - offsetAt(zone, wall)
  const { at, before, after } = change
  if (wall - before < at) return wall - before
  return Math.max(at, wall - after)
}

// From change to change: between two of them clocks run like any other.
function nextOfEveryHour(times: WallTimes, zone: string, after: number): number | undefined {
  let change = nextTransition(zone, after)
  let offset = offsetAt(zone, after)
  let wall = times.next(after + offset)
  while (wall !== undefined) {
    const due = wall - offset
    if (change === undefined || due < change.at) return due
    offset = change.after
    wall = times.next(change.at + offset - 1)
    change = nextTransition(zone, change.at)
  }
  return undefined
}
