import { nextDue } from '../../../src/schedules/next-due.ts'
import type { SchedulePlan } from '../../../src/schedules/plan.ts'
import { Random } from '../../inventory/decode/support/random.ts'
import { duesBetween, type ReferencePlan, type Segment, segmentsOf, toCron } from './reference-dues.ts'

/** Where schedule and reference part: the first due time that only one of them has. */
export type Difference = {
  readonly zone: string
  readonly cron: string
  readonly expected: string
  readonly found: string
}

export type Comparison = { readonly dues: number; readonly differences: readonly Difference[] }

const DAY = 86_400_000
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/**
 * Walks from due time to due time through years of a zone and compares with the reference. Plans of named
 * hours are walked whole, plans of every hour around each change of the zone's clocks.
 */
export function compareZone(
  zone: string,
  { from, to, seed }: { readonly from: number; readonly to: number; readonly seed: number },
): Comparison {
  const random = new Random(seed)
  const segments = segmentsOf(zone, from - 3 * DAY, to + 3 * DAY)
  const named: ReferencePlan = {
    minutes: some(random, 60, 2),
    // The hours in which most clocks change, and one more.
    hours: [...new Set([random.below(4), random.below(24)])],
    weekdays: undefined,
    months: random.below(2) === 0 ? undefined : some(random, 12, 8).map((month) => MONTHS[month] ?? 1),
  }
  const weekly: ReferencePlan = {
    ...named,
    hours: [0, 1, 2, 3],
    weekdays: [0, random.below(7)],
    months: undefined,
  }
  const everyHour: ReferencePlan = { ...named, hours: undefined, months: undefined }
  const changes = segments.slice(1).map(({ start }) => start)
  const stretches = (changes.length === 0 ? [from + 3 * DAY] : changes).map(
    (at) => [at - 2 * DAY, at + 2 * DAY] as const,
  )
  const compared = [
    compareStretch(zone, named, segments, from, to),
    compareStretch(zone, weekly, segments, from, to),
    ...stretches.map(([start, end]) => compareStretch(zone, everyHour, segments, start, end)),
  ]
  return {
    dues: compared.reduce((sum, { dues }) => sum + dues, 0),
    differences: compared.flatMap(({ differences }) => differences),
  }
}

function compareStretch(
  zone: string,
  plan: ReferencePlan,
  segments: readonly Segment[],
  from: number,
  to: number,
): Comparison {
  const expected = duesBetween(plan, segments, from, to)
  const cron = toCron(plan)
  const found = walk({ kind: 'cron', cron, timeZone: zone }, from, to)
  const at = Array.from({ length: Math.max(expected.length, found.length) }).findIndex(
    (_, i) => expected[i] !== found[i],
  )
  if (at === -1) return { dues: expected.length, differences: [] }
  return {
    dues: expected.length,
    differences: [{ zone, cron, expected: shown(expected[at]), found: shown(found[at]) }],
  }
}

function walk(plan: SchedulePlan, from: number, to: number): readonly number[] {
  const found: number[] = []
  for (
    let due = nextDue(plan, new Date(from - 1));
    due !== undefined && due.getTime() < to;
    due = nextDue(plan, due)
  )
    found.push(due.getTime())
  return found
}

function some(random: Random, below: number, count: number): readonly number[] {
  return [...new Set(Array.from({ length: count }, () => random.below(below)))].sort((a, b) => a - b)
}

function shown(instant: number | undefined): string {
  return instant === undefined ? 'nothing' : new Date(instant).toISOString()
}
