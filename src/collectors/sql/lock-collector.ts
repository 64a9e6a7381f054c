import { NotFound, RequiredParameter } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import type { Collector } from '../collector.ts'
import { type CollectorRow, toCollector } from './collector-row.ts'

// The lock of `lockCollectorRow`, which brings the row along.
const LOCK_COLLECTOR = `
select * from collector where domain_id = $1 and collector_id = $2 for no key update`

/** Holds a collector until the transaction ends; throws NotFound. */
export async function lockCollector(
  tx: Transaction,
  key: { readonly domainId: string; readonly collectorId: string },
): Promise<Collector> {
  if (key.collectorId === '') throw new RequiredParameter('collector_id')
  const [row] = await tx.query<CollectorRow>(LOCK_COLLECTOR, [key.domainId, key.collectorId])
  if (row === undefined) throw new NotFound('collector', key.collectorId)
  return toCollector(row)
}
