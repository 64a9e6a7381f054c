import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Api } from '../../../api/client.ts'
import type { Listed } from '../../../api/page-request.ts'
import type { KindNames } from '../../../format/kind.ts'
import { partsOf } from './retirement.ts'

/** What the ledger says of a collector. */
export type CollectorSum = {
  readonly resources: number
  readonly completeCount: number
  readonly totalCount: number
}

const CELLS_AT_A_TIME = 1_000
const MOST_CELLS = 5_000

type Summed = {
  readonly collector_id: string
  readonly state: string
  readonly count: number
}

type Cell = Summed & KindNames & { readonly account: string; readonly region_code: string }

/** What the ledger says of each collector; null where it is too long to be read for a list. */
export function useCollectorSums() {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'sums'],
    queryFn: async ({ signal }) => {
      const cells = await readCells(api, {}, signal)
      return cells && sumByCollector(cells)
    },
  })
}

/** What the ledger says of one collector; null as above. */
export function useCollectorSum(id: string) {
  return useCellsOf(id, (cells) => cells && (sumByCollector(cells).get(id) ?? NOTHING))
}

/** The kinds, accounts and regions of which it has reported something; null as above. */
export function useCollectorParts(id: string) {
  return useCellsOf(id, (cells) => cells && partsOf(cells))
}

function useCellsOf<Told>(id: string, select: (cells: readonly Cell[] | null) => Told) {
  const api = useApi()
  return useQuery({
    queryKey: ['coverage', 'of-collector', id],
    queryFn: ({ signal }) => readCells(api, { collector_id: id }, signal),
    select,
  })
}

async function readCells(api: Api, of: object, signal: AbortSignal): Promise<readonly Cell[] | null> {
  const cells: Cell[] = []
  for (;;) {
    const page = { start: cells.length + 1, limit: CELLS_AT_A_TIME }
    const { results, total_count } = await api.post<Listed<Cell>>(
      '/gleaner/v1/coverage/list',
      { ...of, page },
      signal,
    )
    if (total_count > MOST_CELLS) return null
    cells.push(...results)
    if (results.length === 0 || cells.length >= total_count) return cells
  }
}

/** What it says of who has no list yet. */
export const NOTHING: CollectorSum = { resources: 0, completeCount: 0, totalCount: 0 }

/** Adds up cells by collector. */
export function sumByCollector(cells: readonly Summed[]): ReadonlyMap<string, CollectorSum> {
  const sums = new Map<string, CollectorSum>()
  for (const { collector_id: id, state, count } of cells) {
    const sum = sums.get(id) ?? NOTHING
    sums.set(id, {
      resources: sum.resources + count,
      completeCount: sum.completeCount + Number(state === 'complete'),
      totalCount: sum.totalCount + 1,
    })
  }
  return sums
}
