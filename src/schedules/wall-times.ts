import { Cron } from 'croner'
import type { SchedulePlan } from './plan.ts'

/**
 * The wall times of a plan, whatever zone they are read in. A wall time is written as the milliseconds that
 * the same date and time would have in UTC.
 */
export type WallTimes = {
  /** The first wall time after this one; undefined when there is none. */
  next(after: number): number | undefined
  /** True when every hour is as good as another: such a plan runs through clock changes, hour by hour. */
  readonly namesNoHour: boolean
}

type WallPlan = Exclude<SchedulePlan, { kind: 'interval' }>

/** Reads the wall times of a plan. Throws what the cron library says of an expression it cannot read. */
export function wallTimesOf(plan: WallPlan): WallTimes {
  const expression = expressionOf(plan)
  const known = parsed.get(expression)
  if (known !== undefined) return known
  const times = parse(expression)
  if (parsed.size >= MAX_PARSED) parsed.clear()
  parsed.set(expression, times)
  return times
}

/** Reading an expression costs as much as asking it; many schedules share one. */
const parsed = new Map<string, WallTimes>()
const MAX_PARSED = 2_000

function expressionOf(plan: WallPlan): string {
  if (plan.kind === 'cron') return plan.cron.trim()
  const { minutes, hours } = plan
  return `${minutes.length === 0 ? '0' : minutes.join(',')} ${hours.length === 0 ? '*' : hours.join(',')} * * *`
}

function parse(expression: string): WallTimes {
  const cron = readInUtc(expression)
  const next = (after: number) => cron.nextRun(new Date(after))?.getTime()
  return { next, namesNoHour: namesNoHour(expression) }
}

// The library knows zones as well, but leaves out some of the times that a clock change skips; here it only
// counts wall times, and `next-due.ts` decides what becomes of them.
function readInUtc(expression: string): Cron {
  return new Cron(expression, { timezone: 'UTC', mode: '5-or-6-parts', paused: true })
}

/** Whether the hour field lets all 24 hours through, however it is written. */
function namesNoHour(expression: string): boolean {
  const hours = expression.split(/\s+/).at(-4) ?? '*'
  if (hours === '*') return true
  return readInUtc(`0 ${hours} * * *`).nextRuns(24, new Date(-1)).at(-1)?.getTime() === 23 * 3_600_000
}
