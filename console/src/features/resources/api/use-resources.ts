import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Coverage } from '../../../api/coverage-header.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'
import type { Past } from '../../../components/ui/past-line.tsx'
import type { Export } from './export-rows.ts'
import { type ResourceRow, ROW_FIELDS } from './resource.ts'

/**
 * What is searched for: a text, at an instant (empty is now), by a field (`-` before it from large to small;
 * empty is by name).
 */
export type ResourcesWanted = { readonly text: string; readonly at: string; readonly by: string }

type Found = {
  readonly answer: Listed<ResourceRow>
  readonly coverage: Coverage | undefined
  /** Only where an instant was asked for. */
  readonly past?: Past
}

/** One page of what a search text finds: now, with how complete that is, or as it was at an instant. */
export function useResources({ text, at, by, page }: ResourcesWanted & { readonly page: number }) {
  const api = useApi()
  return useQuery({
    queryKey: ['resources', 'list', text, at, by, page],
    queryFn: ({ signal }) => findResources(api, { text, at, by }, pageRequest(page), signal),
    placeholderData: keepPreviousData,
  })
}

const AT_A_TIME = 1_000

/**
 * Everything that a search text finds, up to so many, for who takes it along. Pages move when a resource
 * comes or goes between two of them: one that is read twice is there once.
 */
export async function findAllResources(
  api: Pick<Api, 'ask' | 'post'>,
  { text, at, by }: ResourcesWanted,
  most: number,
  signal: AbortSignal,
): Promise<Export> {
  const rows = new Map<string, ResourceRow>()
  let read = 0
  for (;;) {
    const page = { start: read + 1, limit: Math.min(AT_A_TIME, most - read) }
    const { answer, coverage } = await findResources(api, { text, at, by }, page, signal)
    for (const row of answer.results) rows.set(row.cloud_service_id, row)
    read += answer.results.length
    const total = answer.total_count
    if (answer.results.length === 0 || read >= Math.min(most, total))
      return { text, at, total, rows: [...rows.values()], coverage }
  }
}

type Part = { readonly start: number; readonly limit: number }

async function findResources(
  api: Pick<Api, 'ask' | 'post'>,
  { text, at, by }: ResourcesWanted,
  page: Part,
  signal?: AbortSignal,
): Promise<Found> {
  const sort = by === '' ? undefined : { sort: { keys: [sortKey(by), { key: 'cloud_service_id' }] } }
  if (at === '') {
    const request = { text, page, only: ROW_FIELDS, ...sort }
    return api.ask<Listed<ResourceRow>>('/gleaner/v1/search/resources', request, signal)
  }
  const request = { as_of: at, text, query: { page, only: ROW_FIELDS, ...sort } }
  const answer = await api.post<PastList>('/gleaner/v1/history/list', request, signal)
  const { as_of, history_since, unknown } = answer
  return {
    answer,
    coverage: undefined,
    past: { as_of, history_since, unknown_paths: unknown.map(({ path }) => path) },
  }
}

type PastList = Listed<ResourceRow> &
  Omit<Past, 'unknown_paths'> & { readonly unknown: readonly { readonly path: string }[] }

function sortKey(by: string): { readonly key: string; readonly desc: boolean } {
  return by.startsWith('-') ? { key: by.slice(1), desc: true } : { key: by, desc: false }
}
