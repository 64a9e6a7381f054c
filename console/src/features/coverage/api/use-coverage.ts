import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { pageRequest } from '../../../api/page-request.ts'
import type { Hold, Ledger } from './cell.ts'

export type CellsWanted = { readonly state?: string; readonly collectorId?: string; readonly page?: number }

/** The ledger: what was listed completely, when, and what not. */
export function useCoverage({ state = '', collectorId = '', page = 1 }: CellsWanted = {}) {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'cells', state, collectorId, page],
    queryFn: ({ signal }) =>
      api.post<Ledger>(
        '/gleaner/v1/coverage/list',
        {
          ...(state !== '' && { state }),
          ...(collectorId !== '' && { collector_id: collectorId }),
          page: pageRequest(page),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

/** What is kept back. */
export function useHolds() {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'holds'],
    queryFn: async ({ signal }) =>
      (await api.post<{ results: readonly Hold[] }>('/gleaner/v1/coverage/list-holds', {}, signal)).results,
  })
}

/** Deletes what a hold keeps back. */
export function useReleaseHold() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (holdId: string) =>
      api.post<{ deleted_count: number }>('/gleaner/v1/coverage/release-hold', { hold_id: holdId }),
    onSettled: () => queries.invalidateQueries(),
  })
}
