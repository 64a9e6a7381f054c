import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Acceptance, AcceptRequest } from './acceptance.ts'

/** What is accepted, also what accepts nothing any more or no longer holds. */
export function useAcceptances() {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'acceptances'],
    queryFn: async ({ signal }) =>
      (
        await api.post<{ results: readonly Acceptance[] }>(
          '/gleaner/v1/coverage/list-acceptances',
          {},
          signal,
        )
      ).results,
  })
}

/** Accepts gaps. */
export function useAccept() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (request: AcceptRequest) => api.post<Acceptance>('/gleaner/v1/coverage/accept', request),
    onSettled: () => queries.invalidateQueries(),
  })
}

/** Ends an acceptance. */
export function useEndAcceptance() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      api.post<Acceptance>('/gleaner/v1/coverage/end-acceptance', { acceptance_id: id }),
    onSettled: () => queries.invalidateQueries(),
  })
}
