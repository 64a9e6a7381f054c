import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { filterViolations, lockCollector } from '../collectors/index.ts'
import { RequiredParameter } from '../core/errors.ts'
import { tooLong } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { collectModeViolations, toCollectMode } from '../jobs/index.ts'
import { nextDue } from './next-due.ts'
import { type Scheduled, toPlan } from './plan.ts'
import { planViolations } from './plan-violations.ts'
import { getSchedule } from './read-schedules.ts'
import type { ScheduleView } from './schedule-entity.ts'
import { databaseNow } from './sql/database-now.ts'
import { insertSchedule } from './sql/insert-schedule.ts'
import { supportViolations } from './supported-schedules.ts'

/** What the operator decides about schedules. */
export type ScheduleSettings = {
  /** Allows kinds of schedules that a plugin does not say it supports. */
  readonly ignorePluginSupport: boolean
}

type AddScheduleInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly name: string
  /** ALL, CREATE or UPDATE; '' for ALL. */
  readonly collectMode: string
  readonly scheduled: Scheduled | undefined
  readonly filter: JsonObject
}

const DEFAULT_ZONE = 'UTC'

/**
 * Gives a collector a schedule. Its first due time lies after this moment, by the clock that schedulers go
 * by.
 */
export async function addSchedule(
  ctx: Context,
  settings: ScheduleSettings,
  input: AddScheduleInput,
): Promise<ScheduleView> {
  const { domainId, collectorId, name, scheduled, filter } = input
  const violations = [
    ...tooLong('name', name, 255),
    ...collectModeViolations(input.collectMode),
    ...planViolations(scheduled),
  ]
  if (collectorId === '') assertNoViolations([new RequiredParameter('collector_id'), ...violations])
  const scheduleId = await ctx.db.transaction(async (tx) => {
    const { pluginMetadata } = await lockCollector(tx, { domainId, collectorId })
    const isChecked = scheduled !== undefined && !settings.ignorePluginSupport
    assertNoViolations([
      ...violations,
      ...(isChecked ? supportViolations(scheduled, pluginMetadata) : []),
      ...filterViolations(filter, pluginMetadata),
    ])
    if (scheduled === undefined) throw new RequiredParameter('schedule')
    const now = await databaseNow(tx)
    const schedule = {
      domainId,
      collectorId,
      scheduleId: newId('schedule'),
      name,
      collectMode: toCollectMode(input.collectMode),
      filter,
      scheduled,
      timeZone: DEFAULT_ZONE,
      countsFrom: now,
      missedAt: null,
    }
    const nextDueAt = nextDue(toPlan(scheduled, schedule), now) ?? null
    await insertSchedule(tx, { ...schedule, nextDueAt, createdAt: now })
    return schedule.scheduleId
  })
  ctx.log.info({ domainId, collectorId, scheduleId }, 'schedule added')
  return await getSchedule(ctx, { domainId, collectorId, scheduleId })
}
