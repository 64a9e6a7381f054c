import type { JsonObject } from '@bufbuild/protobuf'
import type { CollectMode } from '../jobs/index.ts'
import type { Scheduled, SchedulePlan } from './plan.ts'
import { toPlan } from './plan.ts'

/** Names one schedule of one collector. */
export type ScheduleKey = {
  readonly domainId: string
  readonly collectorId: string
  readonly scheduleId: string
}

/** A schedule as it is stored, without what firing writes. */
export type Schedule = ScheduleKey & {
  readonly name: string
  readonly collectMode: CollectMode
  readonly filter: JsonObject
  readonly scheduled: Scheduled
  readonly timeZone: string
  readonly countsFrom: Date
  readonly nextDueAt: Date | null
  /** The due time that passed unused, while `nextDueAt` is the moment chosen to make up for it. */
  readonly missedAt: Date | null
}

/** The columns of a schedule, as every statement here reads them. */
export type ScheduleRow = ScheduleKey & {
  readonly name: string
  readonly collectMode: CollectMode
  readonly filter: JsonObject
  readonly cron: string
  readonly intervalS: number
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly timeZone: string
  readonly countsFrom: Date
  readonly nextDueAt: Date | null
  readonly missedAt: Date | null
}

export function fromRow({ cron, intervalS, minutes, hours, ...row }: ScheduleRow): Schedule {
  return { ...row, scheduled: { cron, interval: intervalS, minutes, hours } }
}

export function planOf({ scheduled, timeZone, countsFrom }: Schedule): SchedulePlan {
  return toPlan(scheduled, { timeZone, countsFrom })
}
