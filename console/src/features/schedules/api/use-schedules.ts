import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Listed } from '../../../api/page-request.ts'
import type { SchedulePlan } from './schedule-plan.ts'

export type Schedule = {
  readonly schedule_id: string
  readonly name: string
  readonly collect_mode: string
  readonly schedule?: SchedulePlan
  readonly last_scheduled_at: string
}

export type ScheduleRuns = {
  readonly time_zone: string
  readonly next_runs: readonly string[]
  readonly paused: boolean
}

export type PlannedSchedule = Schedule & { readonly runs: ScheduleRuns }

/** The schedules of a collector, each with when it runs next. */
export function useSchedules(collectorId: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['schedules', collectorId],
    queryFn: async ({ signal }): Promise<readonly PlannedSchedule[]> => {
      const request = { collector_id: collectorId }
      const { results } = await api.post<Listed<Schedule>>(
        '/inventory/v1/collector/list_schedules',
        request,
        signal,
      )
      return Promise.all(
        results.map(async (schedule) => ({ ...schedule, runs: await readRuns(api, collectorId, schedule) })),
      )
    },
  })
}

function readRuns(api: Api, collectorId: string, { schedule_id }: Schedule): Promise<ScheduleRuns> {
  return api.post('/gleaner/v1/schedule/next-runs', { collector_id: collectorId, schedule_id, count: 1 })
}

/** Adds a schedule to a collector, or takes one away. */
export function useChangeSchedules(collectorId: string) {
  const api = useApi()
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: ['schedules'] })
  const add = useMutation({
    mutationFn: (schedule: Partial<SchedulePlan>) =>
      api.post<Schedule>('/inventory/v1/collector/add_schedule', { collector_id: collectorId, schedule }),
    onSettled,
  })
  const remove = useMutation({
    mutationFn: (scheduleId: string) =>
      api.post<object>('/inventory/v1/collector/delete-schedule', {
        collector_id: collectorId,
        schedule_id: scheduleId,
      }),
    onSettled,
  })
  return { add, remove }
}
