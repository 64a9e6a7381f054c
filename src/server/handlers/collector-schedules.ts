import type { Collector, Scheduled } from '../../gen/spaceone/api/inventory/v1/collector_pb.ts'
import { requestEquals } from '../../query/index.ts'
import {
  addSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  type Scheduled as Plan,
  type ScheduleSettings,
  scheduleEntity,
  updateSchedule,
} from '../../schedules/index.ts'
import { READ, type ServiceMethods, WRITE } from '../method.ts'

/** The methods of the Collector service that are about schedules. */
export function scheduleMethods(settings: ScheduleSettings) {
  return {
    add_schedule: {
      access: WRITE,
      handle: ({ ctx, domainId, request }) =>
        addSchedule(ctx, settings, {
          domainId,
          collectorId: request.collectorId,
          name: request.name,
          collectMode: request.collectMode,
          scheduled: toPlan(request.schedule),
          filter: request.filter ?? {},
        }),
    },
    get_schedule: {
      access: READ,
      handle: ({ ctx, domainId, request }) => getSchedule(ctx, { ...keyOf(request), domainId }),
    },
    update_schedule: {
      access: WRITE,
      handle: ({ ctx, domainId, request, has }) =>
        updateSchedule(ctx, settings, {
          ...keyOf(request),
          domainId,
          name: has('name') ? request.name : undefined,
          collectMode: has('collect_mode') ? request.collectMode : undefined,
          scheduled: toPlan(request.schedule),
          filter: request.filter,
        }),
    },
    delete_schedule: {
      access: WRITE,
      async handle({ ctx, domainId, request }) {
        await deleteSchedule(ctx, { ...keyOf(request), domainId })
        return {}
      },
    },
    list_schedules: {
      access: READ,
      async handle({ ctx, domainId, request, has }) {
        const { collectorId, query } = request
        const equals = requestEquals(scheduleEntity, request, has)
        const page = await listSchedules(ctx, { domainId, collectorId, query, equals })
        return { results: [...page.rows], totalCount: page.totalCount }
      },
    },
  } satisfies ServiceMethods<typeof Collector>
}

function keyOf({ collectorId, scheduleId }: { readonly collectorId: string; readonly scheduleId: string }) {
  return { collectorId, scheduleId }
}

function toPlan(schedule: Scheduled | undefined): Plan | undefined {
  if (schedule === undefined) return undefined
  const { cron, interval, minutes, hours } = schedule
  return { cron, interval, minutes, hours }
}
