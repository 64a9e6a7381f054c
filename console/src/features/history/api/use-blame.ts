import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'

/** One value of a resource, and what made it so. */
export type BlamedValue = {
  readonly path: string
  readonly value: unknown
  /** Empty where it was so before the history begins. */
  readonly at: string
  /** False where the history does not tell. */
  readonly recorded: boolean
  readonly cause: string
  readonly job_id: string
  readonly collector_id: string
  readonly by: string
}

export type BlamedValues = Listed<BlamedValue> & { readonly history_since: string }

/** Where the values of a resource come from; asked once somebody wants to know. */
export function useBlame(id: string, isWanted: boolean) {
  const api = useApi()
  return useQuery({
    queryKey: ['history', 'blame', id],
    enabled: isWanted,
    queryFn: ({ signal }) =>
      api.post<BlamedValues>('/gleaner/v1/history/blame', { cloud_service_id: id }, signal),
  })
}
