import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'

/** One change of one resource, as the history of the whole domain lists it. */
export type ChangeRecord = {
  readonly record_id: string
  readonly cloud_service_id: string
  readonly action: string
  readonly diff: readonly {
    readonly key: string
    readonly before?: unknown
    readonly after?: unknown
    readonly type: string
  }[]
  readonly diff_count: number
  readonly user_id: string
  readonly collector_id: string
  readonly job_id: string
  readonly updated_by: string
  readonly created_at: string
}

export type ChangesWanted = { readonly page: number; readonly action: string; readonly jobId: string }

/** What changed in the domain, the newest first, with the names of what it changed. */
export function useChanges({ page, action, jobId }: ChangesWanted) {
  const api = useApi()
  return useQuery({
    queryKey: ['history', 'all', page, action, jobId],
    queryFn: async ({ signal }) => {
      const changes = await api.post<Listed<ChangeRecord>>(
        '/inventory/v1/change-history/list',
        {
          ...(action !== '' && { action }),
          ...(jobId !== '' && { job_id: jobId }),
          query: { sort: { keys: [{ key: 'created_at', desc: true }] }, page: pageRequest(page) },
        },
        signal,
      )
      const ids = [...new Set(changes.results.map(({ cloud_service_id }) => cloud_service_id))]
      return { ...changes, names: await readNames(ids) }
    },
    placeholderData: keepPreviousData,
  })

  async function readNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map()
    const filter = [
      { key: 'cloud_service_id', value: ids, operator: 'in' },
      // Also of what is gone.
      { key: 'state', value: ['ACTIVE', 'DELETED'], operator: 'in' },
    ]
    const only = ['cloud_service_id', 'name', 'cloud_service_type']
    const { results } = await api.post<
      Listed<{ cloud_service_id: string; name: string; cloud_service_type: string }>
    >('/inventory/v1/cloud-service/list', { query: { filter, only } })
    return new Map(
      results.map((each) => [each.cloud_service_id, `${each.cloud_service_type} ${each.name}`.trim()]),
    )
  }
}
