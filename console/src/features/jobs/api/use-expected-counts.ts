import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'
import type { Job, JobProgress } from './job.ts'

/**
 * What each task of a collector saw in its last complete run, in the order of the tasks: the end of a stream
 * is not known before it is there, so the last run says how long a bar will be. Empty where there was none,
 * or it was filtered.
 */
export function useExpectedCounts(collectorId: string, isWanted: boolean) {
  const api = useApi()
  return useQuery({
    queryKey: ['expected', collectorId],
    enabled: isWanted && collectorId !== '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<readonly number[]> => {
      const { results } = await api.post<Listed<Job>>(
        '/inventory/v1/job/list',
        { collector_id: collectorId, status: 'SUCCESS', query: { page: { limit: 1 } } },
        signal,
      )
      const [last] = results
      if (last === undefined || Object.keys(last.filter).length > 0) return []
      const request = { job_id: last.job_id }
      const { tasks } = await api.post<JobProgress>('/gleaner/v1/job-progress/get', request, signal)
      return tasks.map((task) => task.seen_count)
    },
  })
}
