import { Schedule } from '../../gen/gleaner/v1/schedule_pb.ts'
import { nextRuns, setTimeZone } from '../../schedules/index.ts'
import { implementService } from '../method.ts'

export const scheduleService = implementService(Schedule, {
  set_time_zone: {
    access: { permission: 'write', domain: 'required' },
    handle: ({ ctx, domainId, request: { collectorId, scheduleId, timeZone } }) =>
      setTimeZone(ctx, { domainId, collectorId, scheduleId, timeZone }),
  },
  next_runs: {
    access: { permission: 'read', domain: 'required' },
    handle: ({ ctx, domainId, request: { collectorId, scheduleId, count }, has }) =>
      nextRuns(ctx, { domainId, collectorId, scheduleId, ...(has('count') ? { count } : {}) }),
  },
})
