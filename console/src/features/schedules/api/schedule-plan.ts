import { duration } from '../../../format/time.ts'

/** When a schedule fires, as the API says it; one of these. */
export type SchedulePlan = {
  readonly cron: string
  /** Seconds. */
  readonly interval: number
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
}

/** A plan in words: `every 2 h 00 min`, `cron 0 3 * * 1`, `at 03:30, 15:30`. */
export function planInWords({ cron, interval, minutes, hours }: SchedulePlan): string {
  if (cron !== '') return `cron ${cron}`
  if (interval > 0) return `every ${duration(interval * 1_000)}`
  const at = minutes.length === 0 ? [0] : minutes
  if (hours.length === 0) return `each hour, at minute ${at.join(', ')}`
  return `at ${hours.flatMap((hour) => at.map((minute) => `${twoDigits(hour)}:${twoDigits(minute)}`)).join(', ')}`
}

/** The ways in which people think of a plan. */
export const WAYS = {
  minutes: 'every so many minutes',
  daily: 'every day at (UTC)',
  cron: 'by cron (UTC)',
} as const
export type Way = keyof typeof WAYS

/** The plan that somebody typed: `30` minutes, `03:30` each day, a line of cron. */
export function toPlan(way: Way, text: string): Partial<SchedulePlan> {
  if (way === 'cron') return { cron: text.trim() }
  if (way === 'minutes') return { interval: Math.round(Number(text) * 60) }
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return { hours: [hour], minutes: [minute] }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
