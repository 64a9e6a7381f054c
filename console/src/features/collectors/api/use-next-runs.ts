import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import { inTurn } from '../../../api/in-turn.ts'
import type { Listed } from '../../../api/page-request.ts'

/** When something runs next; paused while the collector is disabled. */
export type NextRun = { readonly at: string; readonly isPaused: boolean }

const AT_ONCE = 4

/**
 * The next run of each of these collectors, by its schedules; of one that runs only when somebody runs it
 * there is none.
 */
export function useNextRuns(ids: readonly string[]) {
  const api = useApi()
  return useQuery({
    queryKey: ['schedules', 'next', ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, NextRun>> => {
      const runs = await inTurn(ids, AT_ONCE, (id) => readRuns(api, id, signal))
      return new Map(
        ids.flatMap((id, at): [string, NextRun][] => {
          const next = earliest(runs[at] ?? [])
          return next === undefined ? [] : [[id, next]]
        }),
      )
    },
  })
}

type Runs = { readonly next_runs: readonly string[]; readonly paused: boolean }

async function readRuns(api: Api, collectorId: string, signal: AbortSignal): Promise<readonly Runs[]> {
  const of = { collector_id: collectorId }
  const { results } = await api.post<Listed<{ readonly schedule_id: string }>>(
    '/inventory/v1/collector/list_schedules',
    of,
    signal,
  )
  return inTurn(results, 1, ({ schedule_id }) =>
    api.post<Runs>('/gleaner/v1/schedule/next-runs', { ...of, schedule_id, count: 1 }, signal),
  )
}

/** The first of all coming runs of several schedules; undefined where none is to come. */
export function earliest(runs: readonly Runs[]): NextRun | undefined {
  const coming = runs.flatMap(({ next_runs: [at], paused }) =>
    at === undefined ? [] : [{ at, isPaused: paused }],
  )
  return coming.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0]
}
