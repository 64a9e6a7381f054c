import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Coverage } from '../../../api/coverage-header.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'
import { type ResourceRow, ROW_FIELDS } from './resource.ts'

/** What an answer about the past says of itself. */
export type Past = {
  readonly as_of: string
  readonly history_since: string
  /** What history does not hold of these resources. */
  readonly unknown: readonly { readonly path: string }[]
}

type Found = {
  readonly answer: Listed<ResourceRow>
  readonly coverage: Coverage | undefined
  /** Only where an instant was asked for. */
  readonly past?: Past
}

/** One page of what a search text finds: now, with how complete that is, or as it was at an instant. */
export function useResources({ text, page, at }: { text: string; page: number; at: string }) {
  const api = useApi()
  return useQuery({
    queryKey: ['resources', 'list', text, page, at],
    queryFn: ({ signal }) =>
      at === '' ? readNow(api, text, page, signal) : readPast(api, { text, page, at }, signal),
    placeholderData: keepPreviousData,
  })
}

function readNow(api: Api, text: string, page: number, signal: AbortSignal): Promise<Found> {
  const request = { text, page: pageRequest(page), only: ROW_FIELDS }
  return api.ask<Listed<ResourceRow>>('/gleaner/v1/search/resources', request, signal)
}

async function readPast(
  api: Api,
  { text, page, at }: { text: string; page: number; at: string },
  signal: AbortSignal,
): Promise<Found> {
  const request = { as_of: at, text, query: { page: pageRequest(page), only: ROW_FIELDS } }
  const answer = await api.post<Listed<ResourceRow> & Past>('/gleaner/v1/history/list', request, signal)
  return { answer, coverage: undefined, past: answer }
}
