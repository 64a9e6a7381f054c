import type { Scheduled } from '../../../src/schedules/plan.ts'
import {
  duesBetween,
  type ReferencePlan,
  type Segment,
  segmentsOf,
  toCron,
} from '../../schedules/support/reference-dues.ts'
import type { ModelSchedule } from './model-schedules.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const EVERY_HOUR = undefined

/**
 * Zones, each with an instant shortly before its clocks change: ahead, back, by half an hour, and none that
 * changes.
 */
const PLACES = [
  ['Europe/Berlin', Date.UTC(2026, 2, 28, 12)],
  ['Europe/Berlin', Date.UTC(2026, 9, 24, 12)],
  ['America/New_York', Date.UTC(2026, 2, 7, 18)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 3)],
  ['Asia/Kolkata', Date.UTC(2026, 5, 1)],
] as const

/** How long a simulated world lasts at most. */
export const WORLD_MS = 12 * DAY

/** A schedule and all its due times, by the rules written a second time. */
export type JudgedSchedule = { readonly schedule: ModelSchedule; readonly dues: readonly number[] }

type Random = (below: number) => number

/**
 * Schedules of some collectors, all in zones whose clocks are about to change, and where their world begins.
 */
export function createWorld(random: Random): {
  readonly startsAt: number
  readonly schedules: readonly JudgedSchedule[]
} {
  const [timeZone, startsAt] = PLACES[random(PLACES.length)] ?? PLACES[0]
  const segments = segmentsAround(timeZone, startsAt)
  const collectors = [0, 1, 2].map(() => ({ isEnabled: true, heldBy: undefined }))
  const schedules = Array.from({ length: 5 }, (_, number) => {
    const collector = collectors[number % collectors.length] ?? { isEnabled: true, heldBy: undefined }
    const [scheduled, dues] = drawPlan(random, (plan) =>
      duesBetween(plan, segments, startsAt + 1, startsAt + WORLD_MS),
    )(startsAt)
    const schedule: ModelSchedule = {
      domainId: 'domain-000000000001',
      collectorId: `collector-${number % collectors.length}`,
      scheduleId: `sched-${String(number * 3_333_333).padStart(12, '0')}`,
      name: '',
      collectMode: 'ALL',
      filter: {},
      scheduled,
      timeZone,
      countsFrom: new Date(startsAt),
      nextDueAt: new Date(dues[0] ?? startsAt),
      missedAt: null,
      lastScheduledAt: null,
      collector,
    }
    return { schedule, dues }
  })
  return { startsAt, schedules }
}

const known = new Map<string, readonly Segment[]>()

/** Asking Intl is most of what a world costs, and there are few places. */
function segmentsAround(timeZone: string, startsAt: number): readonly Segment[] {
  const key = `${timeZone} ${startsAt}`
  const segments = known.get(key) ?? segmentsOf(timeZone, startsAt - 3 * DAY, startsAt + WORLD_MS + 3 * DAY)
  known.set(key, segments)
  return segments
}

/** A plan as a caller writes it, and its due times. */
function drawPlan(random: Random, duesOf: (plan: ReferencePlan) => readonly number[]) {
  return (startsAt: number): readonly [Scheduled, readonly number[]] => {
    const none = { cron: '', interval: 0, minutes: [], hours: [] }
    if (random(5) === 0) {
      const interval = (1 + random(8)) * 450
      const dues = Array.from(
        { length: WORLD_MS / (interval * 1_000) },
        (_, n) => startsAt + (n + 1) * interval * 1_000,
      )
      return [{ ...none, interval }, dues]
    }
    const minutes = [...new Set([random(60), random(2) * 30])].sort((a, b) => a - b)
    const isHourly = random(4) === 0
    const hours = isHourly ? EVERY_HOUR : [...new Set([random(4), random(24)])].sort((a, b) => a - b)
    const plan = { minutes, hours, weekdays: undefined, months: undefined }
    const isCron = random(2) === 0
    const scheduled = isCron ? { ...none, cron: toCron(plan) } : { ...none, minutes, hours: hours ?? [] }
    return [scheduled, duesOf(plan)]
  }
}
