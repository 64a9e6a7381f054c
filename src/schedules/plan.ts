/** When a schedule comes due. Cron and times of day are wall times in a zone; an interval knows no zone. */
export type SchedulePlan =
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone: string }
  | { readonly kind: 'interval'; readonly intervalS: number; readonly countsFrom: Date }
  | {
      readonly kind: 'times'
      /** Minutes of the hour; none means minute 0. */
      readonly minutes: readonly number[]
      /** Hours of the day; none means every hour. */
      readonly hours: readonly number[]
      readonly timeZone: string
    }

/** What a caller asks for, in the contract's four fields; what is left out is '', 0 or empty. */
export type Scheduled = {
  readonly cron: string
  readonly interval: number
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
}

/** Reads a checked plan: exactly one of its kinds is given. */
export function toPlan(
  { cron, interval, minutes, hours }: Scheduled,
  { timeZone, countsFrom }: { readonly timeZone: string; readonly countsFrom: Date },
): SchedulePlan {
  if (cron !== '') return { kind: 'cron', cron, timeZone }
  if (interval > 0) return { kind: 'interval', intervalS: interval, countsFrom }
  return { kind: 'times', minutes, hours, timeZone }
}
