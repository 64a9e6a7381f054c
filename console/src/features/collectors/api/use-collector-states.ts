import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Listed } from '../../../api/page-request.ts'

/** How the last job of a collector ended, or stands. */
export type LastJob = { readonly job_id: string; readonly status: string; readonly created_at: string }

/** What the ledger says of a collector. */
export type CollectorSum = {
  readonly resources: number
  readonly completeCount: number
  readonly totalCount: number
  readonly nextRunAt: string
}

/** So many of the newest jobs are read at once; who is not among them is asked for alone. */
const NEWEST_JOBS = 200

/** The last job of each of these collectors. */
export function useLastJobs(ids: readonly string[]) {
  const api = useApi()
  return useQuery({
    queryKey: ['jobs', 'last', ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, LastJob>> => {
      const found = new Map<string, LastJob>()
      for (const { collector_info, ...job } of await readJobs(api, {}, NEWEST_JOBS, signal))
        if (!found.has(collector_info.collector_id)) found.set(collector_info.collector_id, job)
      const missing = ids.filter((id) => !found.has(id))
      const lasts = await Promise.all(missing.map((id) => readJobs(api, { collector_id: id }, 1, signal)))
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

const CELLS_AT_A_TIME = 1_000
const MOST_CELLS = 5_000

type Cell = {
  readonly collector_id: string
  readonly state: string
  readonly count: number
  readonly next_run_at: string
}

/** What the ledger says of each collector; null where it is too long to be read for a list. */
export function useCollectorSums() {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'sums'],
    queryFn: async ({ signal }) => {
      const cells: Cell[] = []
      for (;;) {
        const page = { start: cells.length + 1, limit: CELLS_AT_A_TIME }
        const { results, total_count } = await api.post<Listed<Cell>>(
          '/gleaner/v1/coverage/list',
          { page },
          signal,
        )
        if (total_count > MOST_CELLS) return null
        cells.push(...results)
        if (results.length === 0 || cells.length >= total_count) return sumByCollector(cells)
      }
    },
  })
}

/** Adds up cells by collector. */
export function sumByCollector(cells: readonly Cell[]): ReadonlyMap<string, CollectorSum> {
  const sums = new Map<string, CollectorSum>()
  for (const { collector_id: id, state, count, next_run_at } of cells) {
    const sum = sums.get(id) ?? { resources: 0, completeCount: 0, totalCount: 0, nextRunAt: next_run_at }
    sums.set(id, {
      ...sum,
      resources: sum.resources + count,
      completeCount: sum.completeCount + Number(state === 'complete'),
      totalCount: sum.totalCount + 1,
    })
  }
  return sums
}
