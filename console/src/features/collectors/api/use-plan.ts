import { queryOptions, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'

/** What the next collection takes. */
export type CollectorPlan = {
  readonly plugin_id: string
  readonly predicts: boolean
  readonly permissions: readonly string[]
  readonly calls: number
  readonly seconds: number
  readonly secrets: readonly SecretPlan[]
}

export type SecretPlan = {
  readonly secret_id: string
  readonly apis: readonly PlannedApi[]
  readonly policies: readonly object[]
  readonly notes: readonly string[]
  readonly error_code: string
  readonly error_message: string
}

export type PlannedApi = {
  readonly api: string
  readonly calls: number
  readonly seconds: number
  readonly permissions: readonly string[]
  readonly basis: string
}

/**
 * Asked only when somebody wants it, and by no news of other things: the plugin opens its secrets and may ask
 * the provider.
 */
export function usePlan(id: string, isWanted: boolean) {
  return useQuery({ ...planOf(useApi(), id), enabled: isWanted })
}

/** The question itself. */
export function planOf(api: Pick<Api, 'post'>, id: string) {
  return queryOptions({
    queryKey: ['plan', id],
    staleTime: 'static',
    queryFn: ({ signal }) =>
      api.post<CollectorPlan>('/gleaner/v1/collector-plan/get', { collector_id: id }, signal),
  })
}
