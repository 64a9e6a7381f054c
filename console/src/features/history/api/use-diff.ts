import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { pageRequest } from '../../../api/page-request.ts'
import type { KindNames } from '../../../format/kind.ts'
import type { HistoryChange } from './use-resource-history.ts'

/** Which instants are compared, and what of it is wanted. */
export type DiffWanted = {
  /** The earlier instant; nothing is asked while it is empty. */
  readonly from: string
  /** The later one; empty is now. */
  readonly to: string
  /** created, updated or deleted; empty is all. */
  readonly difference: string
  /** A search text. */
  readonly text: string
}

/** A resource that is not the same at both instants. */
export type Difference = KindNames & {
  readonly cloud_service_id: string
  readonly difference: string
  readonly name: string
  readonly account: string
  readonly region_code: string
  readonly changes: readonly HistoryChange[]
}

export type Diff = {
  readonly results: readonly Difference[]
  readonly total_count: number
  readonly created_count: number
  readonly updated_count: number
  readonly deleted_count: number
  readonly from: string
  readonly to: string
  readonly unknown: readonly { readonly path: string }[]
}

/** What two instants differ in, net of what was changed back between them. */
export function useDiff({ from, to, difference, text, page }: DiffWanted & { readonly page: number }) {
  const api = useApi()
  return useQuery({
    queryKey: ['history', 'diff', from, to, difference, text, page],
    enabled: from !== '',
    queryFn: ({ signal }) =>
      api.post<Diff>(
        '/gleaner/v1/history/diff',
        { from, to, difference, text, query: { page: pageRequest(page) } },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}
