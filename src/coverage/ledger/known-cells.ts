import type { Sql } from '../../storage/index.ts'
import { listFullestCells } from '../sql/list-fullest-cells.ts'

/** What the ledger holds of one place, as plugins are told. */
export type KnownCell = {
  readonly group: string
  readonly type: string
  readonly account: string
  readonly regionCode: string
  readonly resources: number
}

/** More would make the request longer than what it saves; what is left out counts as empty. */
const MOST_CELLS = 10_000

/**
 * What is known to be there for a (collector, secret), for a plugin to predict by; empty before its first
 * run.
 */
export async function readKnownCells(
  sql: Sql,
  contributor: { readonly domainId: string; readonly collectorId: string; readonly secretId: string },
): Promise<readonly KnownCell[]> {
  const cells = await listFullestCells(sql, contributor, MOST_CELLS)
  return cells.map(({ account, claims, cloudServiceGroup, cloudServiceType, regionCode }) => ({
    group: cloudServiceGroup,
    type: cloudServiceType,
    account,
    regionCode,
    resources: claims,
  }))
}
