import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'

/** A resource that another one names by its id at the provider. */
export type Related = {
  readonly cloud_service_id: string
  readonly name: string
  readonly cloud_service_type: string
  readonly reference: { readonly resource_id: string }
}

/** More ids than this are not looked for at once. */
const MOST = 500

/**
 * Resources of one provider by their ids there. An id that two accounts use leads nowhere, as one that is not
 * in the inventory.
 */
export function useRelated(provider: string, resourceIds: readonly string[]) {
  const api = useApi()
  return useQuery({
    queryKey: ['resources', 'related', provider, resourceIds],
    enabled: resourceIds.length > 0,
    queryFn: async ({ signal }) => {
      const filter = [
        { key: 'provider', value: provider, operator: 'eq' },
        { key: 'reference.resource_id', value: resourceIds.slice(0, MOST), operator: 'in' },
      ]
      const only = ['cloud_service_id', 'name', 'cloud_service_type', 'reference.resource_id']
      const { results } = await api.post<Listed<Related>>(
        '/inventory/v1/cloud-service/list',
        { query: { filter, only } },
        signal,
      )
      return byResourceId(results)
    },
  })
}

function byResourceId(found: readonly Related[]): ReadonlyMap<string, Related> {
  const times = Map.groupBy(found, ({ reference }) => reference.resource_id)
  return new Map(
    [...times].flatMap(([id, [one, ...more]]): [string, Related][] =>
      one !== undefined && more.length === 0 ? [[id, one]] : [],
    ),
  )
}
