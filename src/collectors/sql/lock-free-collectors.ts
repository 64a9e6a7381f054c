import { type Transaction, textArray } from '../../storage/index.ts'
import type { Collector } from '../collector.ts'
import { type CollectorRow, toCollector } from './collector-row.ts'

// Never waits: the caller holds rows that come after a collector in the order of locks, and may hold up many
// others.
const LOCK_FREE = `
select c.* from (select distinct * from unnest($1::text[], $2::text[]) as k (domain_id, collector_id)) k
  join collector c on c.domain_id = k.domain_id and c.collector_id = k.collector_id
   for no key update of c skip locked`

/** Holds those of these collectors that nobody else holds at this moment, until the transaction ends. */
export async function lockFreeCollectors(
  tx: Transaction,
  keys: readonly { readonly domainId: string; readonly collectorId: string }[],
): Promise<readonly Collector[]> {
  const rows = await tx.query<CollectorRow>(LOCK_FREE, [
    textArray(keys.map((key) => key.domainId)),
    textArray(keys.map((key) => key.collectorId)),
  ])
  return rows.map(toCollector)
}
