import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'

/** What is known of stored credentials: everything but them. */
export type Secret = {
  readonly secret_id: string
  readonly name: string
  readonly schema: string
  readonly provider: string
  readonly service_account_id: string
  readonly project_id: string
  readonly created_at: string
}

/** Secrets by name. */
export function useSecrets(page = 1) {
  const api = useApi()
  return useQuery({
    queryKey: ['secrets', 'list', page],
    queryFn: ({ signal }) =>
      api.post<Listed<Secret>>(
        '/secret/v1/secret/list',
        { query: { sort: { keys: [{ key: 'name' }] }, page: pageRequest(page) } },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

/** One secret, without its values. */
export function useSecret(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['secrets', 'one', id],
    queryFn: ({ signal }) => api.post<Secret>('/secret/v1/secret/get', { secret_id: id }, signal),
  })
}

/** Deletes a secret and its values for good. */
export function useDeleteSecret(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<object>('/secret/v1/secret/delete', { secret_id: id }),
    // Of what is deleted nothing is asked anew.
    onSettled: () => queries.invalidateQueries({ queryKey: ['secrets', 'list'] }),
  })
}

export type NewSecret = {
  readonly name: string
  readonly data: object
  readonly schema: string
  readonly service_account_id: string
}

/**
 * Sends values of secrets. These are plain calls and no mutations: the cache would keep what a mutation was
 * called with for minutes.
 */
export function useSendSecret() {
  const api = useApi()
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: ['secrets'] })
  return {
    async create(secret: NewSecret): Promise<Secret> {
      const created = await api.post<Secret>('/secret/v1/secret/create', secret)
      await refresh()
      return created
    },
    async replaceData(secretId: string, data: object): Promise<void> {
      await api.post<object>('/secret/v1/secret/update-data', { secret_id: secretId, data })
      await refresh()
    },
  }
}
