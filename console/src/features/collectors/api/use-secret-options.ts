import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'

export type SecretOption = { readonly secret_id: string; readonly name: string; readonly provider: string }

/** The secrets that a collector of a provider may use, by name: those of its accounts, and those of none. */
export function useSecretOptions(provider: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['secrets', 'options', provider],
    queryFn: async ({ signal }) => {
      const query = { sort: { keys: [{ key: 'name' }] }, only: ['secret_id', 'name', 'provider'] }
      const { results } = await api.post<Listed<SecretOption>>('/secret/v1/secret/list', { query }, signal)
      return results.filter((each) => each.provider === provider || each.provider === '')
    },
  })
}
