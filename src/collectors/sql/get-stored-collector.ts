import { NotFound } from '../../core/errors.ts'
import type { Sql } from '../../storage/index.ts'
import type { Collector } from '../collector.ts'
import { type CollectorRow, toCollector } from './collector-row.ts'

const GET_COLLECTOR = 'select * from collector where domain_id = $1 and collector_id = $2'

/** Reads a collector without holding it, for what is looked at again under the lock; throws NotFound. */
export async function getStoredCollector(
  sql: Sql,
  key: { readonly domainId: string; readonly collectorId: string },
): Promise<Collector> {
  const [row] = await sql.query<CollectorRow>(GET_COLLECTOR, [key.domainId, key.collectorId])
  if (row === undefined) throw new NotFound('collector', key.collectorId)
  return toCollector(row)
}
