import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import { inTurn } from '../../../api/in-turn.ts'
import type { Listed } from '../../../api/page-request.ts'

/** How the last job of a collector ended, or stands. */
export type LastJob = { readonly job_id: string; readonly status: string; readonly created_at: string }

/** So many of the newest jobs are read at once; who is not among them is asked for alone. */
const NEWEST_JOBS = 200
const AT_ONCE = 4

/**
 * The last job of each of these collectors. It is asked anew when a job begins or ends, and not while one
 * moves: that may take many questions.
 */
export function useLastJobs(ids: readonly string[]) {
  const api = useApi()
  return useQuery({
    queryKey: ['last-jobs', ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, LastJob>> => {
      const found = new Map<string, LastJob>()
      for (const { collector_info, ...job } of await readJobs(api, {}, NEWEST_JOBS, signal))
        if (!found.has(collector_info.collector_id)) found.set(collector_info.collector_id, job)
      const missing = ids.filter((id) => !found.has(id))
      const lasts = await inTurn(missing, AT_ONCE, (id) => readJobs(api, { collector_id: id }, 1, signal))
      for (const [at, [last]] of lasts.entries()) if (last !== undefined) found.set(missing[at] ?? '', last)
      return found
    },
  })
}

type OneJob = LastJob & { readonly collector_info: { readonly collector_id: string } }

async function readJobs(
  api: Api,
  of: object,
  limit: number,
  signal: AbortSignal,
): Promise<readonly OneJob[]> {
  const query = {
    sort: { keys: [{ key: 'created_at', desc: true }] },
    page: { limit },
    only: ['job_id', 'status', 'created_at', 'collector_info'],
  }
  return (await api.post<Listed<OneJob>>('/inventory/v1/job/list', { ...of, query }, signal)).results
}
