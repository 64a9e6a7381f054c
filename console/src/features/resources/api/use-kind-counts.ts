import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Listed } from '../../../api/page-request.ts'
import type { KindNames } from '../../../format/kind.ts'
import type { CompiledSearch } from './resource.ts'
import { withoutKind } from './search-text.ts'

export type KindCount = KindNames & { readonly count: number }

/**
 * How many resources of each kind a search text finds, whatever kind it asks for; the largest first. Of now,
 * or of an instant.
 */
export function useKindCounts(text: string, at = '') {
  const api = useApi()
  const anyKind = withoutKind(text)
  return useQuery({
    queryKey: ['resources', 'kinds', anyKind, at],
    queryFn: ({ signal }) =>
      at === '' ? countKinds(api, anyKind, signal) : countPastKinds(api, anyKind, at, signal),
    placeholderData: keepPreviousData,
  })
}

async function countKinds(api: Api, text: string, signal: AbortSignal): Promise<readonly KindCount[]> {
  const { filter, filter_or, keyword } = await compile(api, text, signal)
  // Unlike a list, a statistic leaves nothing out by itself.
  const active = filter.some(({ key }) => key === 'state') ? [] : [ACTIVE]
  const query = { filter: [...filter, ...active], filter_or, keyword, aggregate: BY_KIND }
  return (await api.post<Listed<KindCount>>('/inventory/v1/cloud-service/stat', { query }, signal)).results
}

async function countPastKinds(
  api: Api,
  text: string,
  at: string,
  signal: AbortSignal,
): Promise<readonly KindCount[]> {
  const filter = /(?:^|\s)!?state[:=~]/.test(text) ? [] : [ACTIVE]
  const request = { as_of: at, text, query: { filter, aggregate: BY_KIND } }
  return (await api.post<Listed<KindCount>>('/gleaner/v1/history/stat', request, signal)).results
}

async function compile(api: Api, text: string, signal: AbortSignal): Promise<CompiledSearch> {
  if (text === '') return { filter: [], filter_or: [], keyword: '' }
  const request = { text, only: ['cloud_service_id'], page: { limit: 1 } }
  return api.post<CompiledSearch>('/gleaner/v1/search/resources', request, signal)
}

const ACTIVE = { key: 'state', value: 'ACTIVE', operator: 'eq' }
const NAMES = ['provider', 'cloud_service_group', 'cloud_service_type']
const BY_KIND = [
  {
    group: {
      keys: NAMES.map((key) => ({ key, name: key })),
      fields: [{ name: 'count', operator: 'count' }],
    },
  },
  { sort: { keys: [{ key: 'count', desc: true }, ...NAMES.map((key) => ({ key }))] } },
]
