import type { Context } from '../access/index.ts'
import { getCollector } from '../collectors/index.ts'
import { NotFound } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import type { ScheduleKey } from './schedule.ts'
import { type ScheduleView, scheduleEntity } from './schedule-entity.ts'
import { missingIds } from './schedule-violations.ts'

/** Lists schedules of one collector, by name unless ordered otherwise; an unknown collector is NOT_FOUND. */
export async function listSchedules(
  ctx: Context,
  input: ListInput & { readonly collectorId: string },
): Promise<Page<ScheduleView>> {
  const { domainId, collectorId } = input
  await getCollector(ctx, { domainId, collectorId, only: ['collector_id'] })
  return await listEntities(ctx, scheduleEntity, {
    ...input,
    equals: { ...input.equals, collector_id: collectorId },
  })
}

/**
 * Reads one schedule of one collector. A schedule of another collector is as unknown as one that does not
 * exist.
 */
export async function getSchedule(ctx: Context, key: ScheduleKey): Promise<ScheduleView> {
  const { domainId, collectorId, scheduleId } = key
  assertNoViolations(missingIds(key))
  const view = await getEntity(ctx, scheduleEntity, { domainId, id: scheduleId })
  if (view.collectorInfo?.collectorId !== collectorId) throw new NotFound('schedule', scheduleId)
  return view
}
