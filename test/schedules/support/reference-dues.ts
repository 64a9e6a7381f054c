/**
 * The rules of due times a second time, written from the rules alone and from what Intl says clocks show:
 * nothing here is shared with the code it judges. It lists all due times of a stretch of time instead of
 * finding the next one.
 */

/** Fields of a cron expression as sets of numbers; undefined lets everything through. */
export type ReferencePlan = {
  readonly minutes: readonly number[]
  readonly hours: readonly number[] | undefined
  readonly weekdays: readonly number[] | undefined
  readonly months: readonly number[] | undefined
}

/** A stretch of time during which a zone's clocks keep their distance from UTC. */
export type Segment = { readonly start: number; readonly end: number; readonly offset: number }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function toCron({ minutes, hours, weekdays, months }: ReferencePlan): string {
  const field = (values: readonly number[] | undefined) => (values === undefined ? '*' : values.join(','))
  return `${field(minutes)} ${field(hours)} * ${field(months)} ${field(weekdays)}`
}

/** Looks at the zone's clocks every six hours, and at every minute where they have jumped. */
export function segmentsOf(zone: string, from: number, to: number): readonly Segment[] {
  const offsetAt = clockOf(zone)
  const segments: Segment[] = []
  let start = from
  let offset = offsetAt(from)
  for (let at = from + 6 * HOUR; at < to + 6 * HOUR; at += 6 * HOUR) {
    if (offsetAt(at) === offset) continue
    let jump = at - 6 * HOUR
    while (offsetAt(jump) === offset) jump += MINUTE
    segments.push({ start, end: jump, offset })
    start = jump
    offset = offsetAt(at)
  }
  return [...segments, { start, end: Number.POSITIVE_INFINITY, offset }]
}

/** Every due time in [from, to), in order. */
export function duesBetween(
  plan: ReferencePlan,
  segments: readonly Segment[],
  from: number,
  to: number,
): readonly number[] {
  const found = new Set<number>()
  for (const wall of wallTimes(plan, from - 2 * DAY, to + 2 * DAY)) {
    const shown = segments.flatMap(({ start, end, offset }) => {
      const instant = wall - offset
      return instant >= start && instant < end ? [instant] : []
    })
    if (plan.hours === undefined) for (const instant of shown) found.add(instant)
    else found.add(shown[0] ?? firstMomentAfter(wall, segments))
  }
  return [...found].filter((instant) => instant >= from && instant < to).sort((a, b) => a - b)
}

/** The moment at which clocks jump over a wall time that they never show. */
function firstMomentAfter(wall: number, segments: readonly Segment[]): number {
  return segments.find(({ start, offset }) => start + offset > wall)?.start ?? Number.NaN
}

function* wallTimes(plan: ReferencePlan, from: number, to: number): Generator<number> {
  const hours = plan.hours ?? Array.from({ length: 24 }, (_, hour) => hour)
  for (let day = Math.floor(from / DAY) * DAY; day < to; day += DAY) {
    const date = new Date(day)
    if (plan.weekdays !== undefined && !plan.weekdays.includes(date.getUTCDay())) continue
    if (plan.months !== undefined && !plan.months.includes(date.getUTCMonth() + 1)) continue
    for (const hour of hours) for (const minute of plan.minutes) yield day + hour * HOUR + minute * MINUTE
  }
}

function clockOf(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    )
    return shown - Math.floor(instant / 1_000) * 1_000
  }
}
