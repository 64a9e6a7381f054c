import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'
import type { Job, JobProgress, JobTask } from './job.ts'

/** Events tell when to look; this often a job that runs is looked at all the same. */
const LOOK_EVERY_MS = 2_000

export type WholeJob = {
  readonly job: Job
  readonly progress: JobProgress
  readonly tasks: readonly JobTask[]
}

/** Everything about one job; asked anew as long as it runs. */
export function useJob(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['jobs', 'one', id],
    queryFn: async ({ signal }): Promise<WholeJob> => {
      const request = { job_id: id }
      const [job, progress, tasks] = await Promise.all([
        api.post<Job>('/inventory/v1/job/get', request, signal),
        api.post<JobProgress>('/gleaner/v1/job-progress/get', request, signal),
        api.post<Listed<JobTask>>('/inventory/v1/job-task/list', request, signal),
      ])
      return { job, progress, tasks: tasks.results }
    },
    refetchInterval: ({ state }) => (state.data?.progress.finished === false ? LOOK_EVERY_MS : false),
  })
}

/** Takes back everything that a job deleted and that is still deleted. */
export function useUndoDeletions(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      api.post<{ cloud_service_ids: readonly string[] }>('/gleaner/v1/coverage/undo', { job_id: id }),
    onSettled: () => queries.invalidateQueries(),
  })
}

/** Cancels a job; what it stored until then stays. */
export function useCancelJob(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<JobProgress>('/gleaner/v1/job-control/cancel', { job_id: id }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
