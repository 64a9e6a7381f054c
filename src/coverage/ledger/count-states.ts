import type { Sql } from '../../storage/index.ts'
import { NO_NAME } from '../cells.ts'
import type { CellState } from './cell-status.ts'
import { isAccepted, isComplete, readLedger } from './read-ledger.ts'

/** Cells of all domains by their state, and those that are not complete by whether somebody accepts that. */
export type CellCounts = {
  readonly states: Readonly<Record<CellState, number>>
  readonly gaps: Readonly<Record<'true' | 'false', number>>
}

/** Reads the whole ledger, one domain after the other. */
export async function countCells(sql: Sql, now: Date): Promise<CellCounts> {
  const states = { complete: 0, stale: 0, partial: 0, unknown: 0, held: 0 } satisfies Record<
    CellState,
    number
  >
  const gaps = { true: 0, false: 0 }
  const domains = await sql.query<{ domainId: string }>(
    'select distinct domain_id from contributor order by domain_id',
  )
  for (const { domainId } of domains) {
    const query = { domainId, collectorId: '', secretId: '', name: NO_NAME, maxAge: undefined, now }
    for (const line of await readLedger(sql, query)) {
      states[line.status.state]++
      if (!isComplete(line)) gaps[isAccepted(line) ? 'true' : 'false']++
    }
  }
  return { states, gaps }
}

/** How many holds of all domains are open. */
export async function countOpenHolds(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(`select count(*)::int from hold where state = 'open'`)
  return row?.count ?? 0
}
