import { numberOf, objectOf, textOf } from './shapes.ts'

type Read = { readonly [key: string]: unknown }

export type Schedule = {
  readonly id: string
  readonly collectorId: string
  readonly collectorName: string
  readonly name: string
  readonly mode: string
  /** The plan in words: `hours 3, 15; minutes 30`. */
  readonly plan: string
  readonly lastScheduledAt: string
}

export function toSchedule(from: Read, collectorId: string): Schedule {
  return {
    id: textOf(from, 'schedule_id'),
    collectorId,
    collectorName: textOf(objectOf(from, 'collector_info'), 'name'),
    name: textOf(from, 'name'),
    mode: textOf(from, 'collect_mode'),
    plan: planOf(objectOf(from, 'schedule')),
    lastScheduledAt: textOf(from, 'last_scheduled_at'),
  }
}

export type ScheduleRuns = {
  readonly scheduleId: string
  readonly timeZone: string
  readonly nextRuns: readonly string[]
  readonly isPaused: boolean
  /** The API's JSON. */
  readonly text: string
}

export function toScheduleRuns(from: Read, text: string): ScheduleRuns {
  const { next_runs: runs } = from
  return {
    scheduleId: textOf(from, 'schedule_id'),
    timeZone: textOf(from, 'time_zone'),
    nextRuns: Array.isArray(runs) ? runs.map(String) : [],
    isPaused: from.paused === true,
    text,
  }
}

function planOf(scheduled: Read): string {
  const interval = numberOf(scheduled, 'interval')
  const parts = [
    textOf(scheduled, 'cron') && `cron ${textOf(scheduled, 'cron')}`,
    interval > 0 && `every ${interval} s`,
    ...(['hours', 'minutes'] as const).map((unit) => {
      const list = scheduled[unit]
      return Array.isArray(list) && list.length > 0 && `${unit} ${list.join(', ')}`
    }),
  ]
  return parts.filter((part) => typeof part === 'string' && part !== '').join('; ')
}
