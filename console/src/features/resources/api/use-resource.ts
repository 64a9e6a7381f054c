import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Past } from '../../../components/ui/past-line.tsx'
import type { Resource } from './resource.ts'

/** A resource, and what can be said of its past where an instant was asked for. */
export type FoundResource = { readonly resource: Resource; readonly past?: Past }

/** One resource with its documents: now, or as it was at an instant. */
export function useResource(id: string, at: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['resources', 'one', id, at],
    queryFn: ({ signal }) => readResource(api, id, at, signal),
  })
}

async function readResource(api: Api, id: string, at: string, signal: AbortSignal): Promise<FoundResource> {
  const request = { cloud_service_id: id }
  if (at === '')
    return { resource: await api.post<Resource>('/inventory/v1/cloud-service/get', request, signal) }
  const { resource, ...past } = await api.post<Past & { resource: Resource }>(
    '/gleaner/v1/history/get',
    { ...request, as_of: at },
    signal,
  )
  return { resource, past }
}

/** Takes back the deletion of a resource. */
export function useUndoDeletion(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      api.post<{ cloud_service_ids: readonly string[] }>('/gleaner/v1/coverage/undo', {
        cloud_service_id: id,
      }),
    onSettled: () => queries.invalidateQueries(),
  })
}
