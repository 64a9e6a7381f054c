import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { type Listed, pageRequest } from '../../../api/page-request.ts'
import { type CompiledSearch, type ResourceRow, ROW_FIELDS } from './resource.ts'

export type ResourceSort = { readonly key: string; readonly desc: boolean }

/** One page of what a search text finds, and how complete that is. */
export function useResources({ text, page, sort }: { text: string; page: number; sort?: ResourceSort }) {
  const api = useApi()
  return useQuery({
    queryKey: ['resources', 'list', text, page, sort],
    queryFn: ({ signal }) =>
      api.ask<Listed<ResourceRow> & CompiledSearch>(
        '/gleaner/v1/search/resources',
        { text, page: pageRequest(page), only: ROW_FIELDS, ...(sort && { sort: { keys: [sort] } }) },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}
