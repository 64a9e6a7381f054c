import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'

/** An account at a provider, to which secrets belong. */
export type ServiceAccount = {
  readonly service_account_id: string
  readonly name: string
  readonly provider: string
  readonly data: Readonly<Record<string, unknown>>
  readonly created_at: string
}

export type NewAccount = { readonly name: string; readonly provider: string; readonly accountId: string }

/** All service accounts by name. */
export function useAccounts() {
  const api = useApi()
  return useQuery({
    queryKey: ['secrets', 'accounts'],
    queryFn: async ({ signal }) => {
      const query = { sort: { keys: [{ key: 'name' }] } }
      const path = '/identity/v1/service-accounts/list'
      return (await api.post<Listed<ServiceAccount>>(path, { query }, signal)).results
    },
  })
}

/** Creates and deletes service accounts. */
export function useChangeAccounts() {
  const api = useApi()
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: ['secrets', 'accounts'] })
  const create = useMutation({
    mutationFn: ({ name, provider, accountId }: NewAccount) =>
      api.post<ServiceAccount>('/identity/v1/service-account/create', {
        name,
        provider,
        data: { account_id: accountId },
      }),
    onSettled,
  })
  const remove = useMutation({
    mutationFn: (id: string) =>
      api.post<object>('/identity/v1/service-account/delete', { service_account_id: id }),
    onSettled,
  })
  return { create, remove }
}
