import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'

/** Whose a resource is. */
export type Project = { readonly project_id: string; readonly name: string; readonly created_at: string }

/** Who may call. The key itself is not known. */
export type ApiKey = {
  readonly api_key_id: string
  readonly name: string
  readonly state: string
  readonly role: string
  readonly hint: string
  readonly expires_at: string
  readonly last_used_at: string
}

/** Where events are sent. */
export type Webhook = {
  readonly webhook_id: string
  readonly name: string
  readonly url: string
  readonly types: readonly string[]
  readonly enabled: boolean
  readonly failures: number
  readonly disabled_reason: string
}

type Rows = { readonly project: Project; readonly 'api-key': ApiKey; readonly webhook: Webhook }
type Noun = keyof Rows

const BASES = {
  project: '/identity/v1/project',
  'api-key': '/gleaner/v1/api-key',
  webhook: '/gleaner/v1/webhook',
} as const satisfies Record<Noun, string>

/** All of a noun that the domain has. */
export function useSettings<Of extends Noun>(noun: Of) {
  const api = useApi()
  return useQuery({
    queryKey: ['settings', noun],
    queryFn: async ({ signal }) =>
      (await api.post<Listed<Rows[Of]>>(`${BASES[noun]}/list`, {}, signal)).results,
  })
}

/** Deletes one of a noun, by the field that the API names it by. */
export function useDeleteSetting(noun: Noun) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (request: Readonly<Record<string, string>>) =>
      api.post<object>(`${BASES[noun]}/delete`, request),
    onSettled: () => queries.invalidateQueries({ queryKey: ['settings', noun] }),
  })
}

/**
 * Creates one of a noun. A plain call and no mutation: what comes back may hold a key that is shown once, and
 * the cache would keep it. Whoever waits for that key does not wait for the list, too.
 */
export function useCreateSetting(noun: Noun) {
  const api = useApi()
  const queries = useQueryClient()
  return async <Answer>(request: object): Promise<Answer> => {
    const answer = await api.post<Answer>(`${BASES[noun]}/create`, request)
    void queries.invalidateQueries({ queryKey: ['settings', noun] })
    return answer
  }
}
