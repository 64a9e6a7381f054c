import { useQuery } from '@tanstack/react-query'
import { useApi } from './api-context.ts'
import type { Listed } from './page-request.ts'

/**
 * The names of all collectors by id, for whatever tells of one by its id; of one that was deleted there is
 * none.
 */
export function useCollectorNames(): ReadonlyMap<string, string> {
  const api = useApi()
  const { data } = useQuery({
    queryKey: ['collectors', 'names'],
    queryFn: async ({ signal }) => {
      const query = { only: ['collector_id', 'name'] }
      const { results } = await api.post<Listed<{ collector_id: string; name: string }>>(
        '/inventory/v1/collector/list',
        { query },
        signal,
      )
      return new Map(results.map(({ collector_id, name }) => [collector_id, name]))
    },
  })
  return data ?? NONE
}

const NONE: ReadonlyMap<string, string> = new Map()
