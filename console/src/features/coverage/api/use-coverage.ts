import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import { PAGE_SIZE, pageRequest } from '../../../api/page-request.ts'
import type { Hold, Ledger } from './cell.ts'

export type CellsWanted = { readonly state?: string; readonly collectorId?: string; readonly page?: number }

/** States of a list that is not complete, the most urgent first. */
export const REASONS = ['held', 'unknown', 'partial', 'stale'] as const

/**
 * The ledger: what was listed completely, when, and what not. The state `incomplete` stands for all but
 * complete, `unaccepted` for those of these that nobody accepts, `accepted` for the others.
 */
export function useCoverage({ state = '', collectorId = '', page = 1 }: CellsWanted = {}) {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'cells', state, collectorId, page],
    queryFn: ({ signal }) => {
      if (state === 'incomplete') return readIncomplete(api, page, {}, signal)
      if (state === 'unaccepted') return readIncomplete(api, page, { gaps: state }, signal)
      const part = state === 'accepted' ? { gaps: state } : { state }
      return readCells(api, { ...part, collectorId, page }, signal)
    },
    placeholderData: keepPreviousData,
  })
}

/** What is not complete and nobody accepts, whatever the reason: the first page. */
export function useUnaccepted() {
  return useCoverage({ state: 'unaccepted' })
}

function readCells(
  api: Api,
  { state = '', gaps, collectorId = '', page = 1 }: CellsWanted & { readonly gaps?: string },
  signal: AbortSignal,
): Promise<Ledger> {
  const request = {
    ...(state !== '' && { state }),
    ...(gaps !== undefined && { gaps }),
    ...(collectorId !== '' && { collector_id: collectorId }),
    page: pageRequest(page),
  }
  return api.post<Ledger>('/gleaner/v1/coverage/list', request, signal)
}

/** The API asks for one state at a time, so the pages of each follow those of the one before. */
async function readIncomplete(
  api: Api,
  page: number,
  part: { readonly gaps?: string },
  signal: AbortSignal,
): Promise<Ledger> {
  const firsts = await Promise.all(REASONS.map((state) => readCells(api, { ...part, state }, signal)))
  const counts = firsts.map(({ total_count }) => total_count)
  const parts = await Promise.all(
    partsOfPage(counts, page, PAGE_SIZE).map(async ({ at, start, limit }) => {
      if (start === 1) return firsts[at]?.results.slice(0, limit) ?? []
      const request = { ...part, state: REASONS[at], page: { start, limit } }
      return (await api.post<Ledger>('/gleaner/v1/coverage/list', request, signal)).results
    }),
  )
  return {
    results: parts.flat(),
    total_count: counts.reduce((sum, count) => sum + count, 0),
    complete_count: 0,
    complete: false,
    accepted_count: firsts.reduce((sum, { accepted_count }) => sum + accepted_count, 0),
    complete_or_accepted: false,
    oldest_evidence_at: '',
  }
}

/**
 * Which part of each of several lists a page of all of them one after the other consists of; `start` counts
 * from 1.
 */
export function partsOfPage(
  counts: readonly number[],
  page: number,
  size: number,
): readonly { readonly at: number; readonly start: number; readonly limit: number }[] {
  const first = (Math.max(1, page) - 1) * size
  let before = 0
  return counts.flatMap((count, at) => {
    const from = Math.max(0, first - before)
    const to = Math.min(count, first + size - before)
    before += count
    return to > from ? [{ at, start: from + 1, limit: to - from }] : []
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
