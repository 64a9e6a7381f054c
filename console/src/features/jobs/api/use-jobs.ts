import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'
import type { Job } from './job.ts'

export type JobsWanted = {
  readonly page?: number
  readonly limit?: number
  readonly status?: string
  readonly collectorId?: string
}

/** Jobs, the newest first. */
export function useJobs({ page = 1, limit, status = '', collectorId = '' }: JobsWanted) {
  const api = useApi()
  return useQuery({
    queryKey: ['jobs', 'list', page, limit, status, collectorId],
    queryFn: ({ signal }) =>
      api.post<Listed<Job>>(
        '/inventory/v1/job/list',
        {
          ...(status !== '' && { status }),
          ...(collectorId !== '' && { collector_id: collectorId }),
          query: { sort: { keys: [{ key: 'created_at', desc: true }] }, page: pageRequest(page, limit) },
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}
