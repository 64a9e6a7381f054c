import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'
import type { Collector } from './collector.ts'
import type { Claims } from './retirement.ts'

/** Collectors by name. */
export function useCollectors(page = 1) {
  const api = useApi()
  return useQuery({
    queryKey: ['collectors', 'list', page],
    queryFn: ({ signal }) =>
      api.post<Listed<Collector>>(
        '/inventory/v1/collector/list',
        { query: { sort: { keys: [{ key: 'name' }] }, page: pageRequest(page) } },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

/** One collector. */
export function useCollector(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['collectors', 'one', id],
    queryFn: ({ signal }) => api.post<Collector>('/inventory/v1/collector/get', { collector_id: id }, signal),
  })
}

export type CollectorVerb = 'enable' | 'disable' | 'delete'

/** Enables, disables or deletes a collector. */
export function useChangeCollector(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (verb: CollectorVerb) =>
      api.post<object>(`/inventory/v1/collector/${verb}`, { collector_id: id }),
    onSettled: async (_answer, _error, verb) => {
      // Of what is deleted nothing is asked anew.
      if (verb === 'delete') return queries.invalidateQueries({ queryKey: ['collectors', 'list'] })
      await Promise.all(
        ['collectors', 'schedules'].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
      )
    },
  })
}

/** Ends what a collector says of its resources, or of a part of them; returns how many were deleted. */
export function useRetire(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ claims, ...part }: { readonly claims: Claims }) => {
      const request = { collector_id: id, claims, ...part }
      return (await api.post<{ deleted_count: number }>('/gleaner/v1/coverage/retire', request)).deleted_count
    },
    onSettled: () => queries.invalidateQueries(),
  })
}

/** Starts a collection; returns the id of its job. */
export function useCollect(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () =>
      (await api.post<{ job_id: string }>('/inventory/v1/collector/collect', { collector_id: id })).job_id,
    onSettled: () =>
      Promise.all(['jobs', 'last-jobs'].map((noun) => queries.invalidateQueries({ queryKey: [noun] }))),
  })
}
