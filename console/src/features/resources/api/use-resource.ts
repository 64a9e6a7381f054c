import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Resource } from './resource.ts'

/** One resource with its documents. */
export function useResource(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['resources', 'one', id],
    queryFn: ({ signal }) =>
      api.post<Resource>('/inventory/v1/cloud-service/get', { cloud_service_id: id }, signal),
  })
}
