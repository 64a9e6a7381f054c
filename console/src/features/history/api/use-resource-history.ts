import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'

/** One thing that happened to a resource. */
export type HistoryEntry = {
  readonly action: string
  readonly cause: string
  readonly at: string
  readonly job_id: string
  readonly collector_id: string
  readonly by: string
  readonly changes: readonly HistoryChange[]
  readonly receipt_job_ids: readonly string[]
  readonly rule_ids: readonly string[]
  readonly match_rule: readonly string[]
  readonly inputs_changed: boolean
}

export type HistoryChange = {
  readonly path: string
  /** Absent when the value was added. */
  readonly before?: unknown
  /** Absent when it was removed. */
  readonly after?: unknown
  readonly removed: boolean
}

/** What happened to a resource, the newest first. */
export function useResourceHistory(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['history', 'of', id],
    queryFn: async ({ signal }) => {
      const request = { cloud_service_id: id }
      const answer = await api.post<{ results: readonly HistoryEntry[] }>(
        '/gleaner/v1/coverage/history',
        request,
        signal,
      )
      return answer.results.toReversed()
    },
  })
}
