import type { Sql } from '../../storage/index.ts'
import { NO_NAME } from '../cells.ts'
import type { CellState } from './cell-status.ts'
import { readLedger } from './read-ledger.ts'

/** How many cells of all domains are in each state: reads the whole ledger, one domain after the other. */
export async function countCellStates(sql: Sql, now: Date): Promise<Readonly<Record<CellState, number>>> {
  const counts = { complete: 0, stale: 0, partial: 0, unknown: 0, held: 0 } satisfies Record<
    CellState,
    number
  >
  const domains = await sql.query<{ domainId: string }>(
    'select distinct domain_id from contributor order by domain_id',
  )
  for (const { domainId } of domains) {
    const query = { domainId, collectorId: '', secretId: '', name: NO_NAME, maxAge: undefined, now }
    for (const { status } of await readLedger(sql, query)) counts[status.state]++
  }
  return counts
}

/** How many holds of all domains are open. */
export async function countOpenHolds(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(`select count(*)::int from hold where state = 'open'`)
  return row?.count ?? 0
}
