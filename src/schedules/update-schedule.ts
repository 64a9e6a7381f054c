import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { filterViolations, lockCollector } from '../collectors/index.ts'
import { tooLong } from '../core/field-violations.ts'
import { assertNoViolations } from '../core/violations.ts'
import { collectModeViolations, toCollectMode } from '../jobs/index.ts'
import type { Transaction } from '../storage/index.ts'
import type { ScheduleSettings } from './add-schedule.ts'
import { nextDue } from './next-due.ts'
import type { Scheduled } from './plan.ts'
import { planViolations } from './plan-violations.ts'
import { getSchedule } from './read-schedules.ts'
import { planOf, type Schedule, type ScheduleKey } from './schedule.ts'
import type { ScheduleView } from './schedule-entity.ts'
import { missingIds } from './schedule-violations.ts'
import { databaseNow } from './sql/database-now.ts'
import { lockSchedule } from './sql/lock-schedule.ts'
import { storeSchedule } from './sql/store-schedule.ts'
import { supportViolations } from './supported-schedules.ts'

/** What changes; undefined keeps what is there. */
type UpdateScheduleInput = ScheduleKey & {
  readonly name?: string | undefined
  readonly collectMode?: string | undefined
  /** Replaces the plan whole; an interval counts from this moment. */
  readonly scheduled?: Scheduled | undefined
  /** `{}` removes the filter. */
  readonly filter?: JsonObject | undefined
}

/** Changes a schedule. What it keeps is not checked again. */
export async function updateSchedule(
  ctx: Context,
  settings: ScheduleSettings,
  input: UpdateScheduleInput,
): Promise<ScheduleView> {
  const { domainId, collectorId, scheduleId, name, collectMode, scheduled, filter } = input
  const violations = [
    ...tooLong('name', name ?? '', 255),
    ...(collectMode === undefined ? [] : collectModeViolations(collectMode)),
    ...(scheduled === undefined ? [] : planViolations(scheduled)),
  ]
  const missing = missingIds(input)
  if (missing.length > 0) assertNoViolations([...missing, ...violations])
  await ctx.db.transaction(async (tx) => {
    const { pluginMetadata } = await lockCollector(tx, { domainId, collectorId })
    const schedule = await lockSchedule(tx, input)
    const isChecked = scheduled !== undefined && !settings.ignorePluginSupport
    assertNoViolations([
      ...violations,
      ...(isChecked ? supportViolations(scheduled, pluginMetadata) : []),
      ...(filter === undefined ? [] : filterViolations(filter, pluginMetadata)),
    ])
    await storeSchedule(tx, await replan(tx, changed(schedule, input), scheduled))
  })
  ctx.log.info({ domainId, collectorId, scheduleId }, 'schedule updated')
  return await getSchedule(ctx, { domainId, collectorId, scheduleId })
}

function changed(schedule: Schedule, { name, collectMode, filter }: UpdateScheduleInput): Schedule {
  return {
    ...schedule,
    name: name ?? schedule.name,
    collectMode: collectMode ? toCollectMode(collectMode) : schedule.collectMode,
    filter: filter ?? schedule.filter,
  }
}

// Other changes leave the next due time alone: a new name must not lose one that is just due.
async function replan(
  tx: Transaction,
  schedule: Schedule,
  scheduled: Scheduled | undefined,
): Promise<Schedule> {
  if (scheduled === undefined) return schedule
  const now = await databaseNow(tx)
  const replanned = { ...schedule, scheduled, countsFrom: now, missedAt: null }
  return { ...replanned, nextDueAt: nextDue(planOf(replanned), now) ?? null }
}
