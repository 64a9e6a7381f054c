import { InvalidParameter } from '../../core/errors.ts'

/**
 * How old the evidence of a cell may be before the cell is stale: hours; 0 for any age; null where the
 * schedules of its collector decide.
 */
export type MaxAge = number | null

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
/** A century. */
const MAX_HOURS = 36_500 * DAY_HOURS

/** Evidence that is not older is never stale where the schedules decide. */
const LEAST_MS = 3 * DAY_HOURS * HOUR_MS

/** So many runs of a schedule in a row may be left out, and the last of them is still waited for. */
const RUNS_LEFT_OUT = 2

/** What decides about one contributor. */
export type AgeFacts = {
  readonly maxAgeHours: MaxAge
  /**
   * The longest time between the runs of its collector that read everything by schedule, seconds; null where
   * none is planned.
   */
  readonly periodS: number | null
}

/**
 * How old its evidence may be, in milliseconds. Where nobody has said: three days, or the time in which two
 * runs of its schedule come, if that is longer. Pure.
 */
export function maxAgeMs({ maxAgeHours, periodS }: AgeFacts): number {
  if (maxAgeHours === 0) return Number.POSITIVE_INFINITY
  if (maxAgeHours !== null) return maxAgeHours * HOUR_MS
  return Math.max(LEAST_MS, RUNS_LEFT_OUT * (periodS ?? 0) * 1_000)
}

/**
 * Reads an age: `36h`, `3d`, `never` for any, `auto` for what the schedules say. Throws `InvalidParameter`.
 */
export function readMaxAge(text: string, key: string): MaxAge {
  if (text === 'auto') return null
  if (text === 'never') return 0
  const [, digits = '', unit = ''] = /^(\d{1,9})\s*([hd])$/.exec(text.trim()) ?? []
  const hours = Number(digits) * (unit === 'd' ? DAY_HOURS : 1)
  if (hours >= 1 && hours <= MAX_HOURS) return hours
  throw new InvalidParameter(
    key,
    `'${text.slice(0, 50)}' is no age; write hours or days, from 1h to 36500d, as in 36h or 3d, or auto or never`,
  )
}

/** The same in words, days where it is whole days. Pure. */
export function writeMaxAge(age: MaxAge): string {
  if (age === null) return 'auto'
  if (age === 0) return 'never'
  return age % DAY_HOURS === 0 ? `${age / DAY_HOURS}d` : `${age}h`
}

/** A time as a sentence tells it: whole days from two of them on, hours below. Pure. */
export function formatAge(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS)
  if (hours >= 2 * DAY_HOURS) return `${Math.floor(hours / DAY_HOURS)} days`
  return hours === 1 ? 'an hour' : `${hours} hours`
}
