import { NotFound, RequiredParameter } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'

// The same lock as for everything else that changes a collector: the places of its rules stay without gaps.
const LOCK = 'select 1 from collector where domain_id = $1 and collector_id = $2 for no key update'

/** Holds the collector whose rules are to change; throws NotFound. */
export async function lockCollectorOfRules(
  tx: Transaction,
  { domainId, collectorId }: { readonly domainId: string; readonly collectorId: string },
): Promise<void> {
  if (collectorId === '') throw new RequiredParameter('collector_id')
  const [row] = await tx.query(LOCK, [domainId, collectorId])
  if (row === undefined) throw new NotFound('collector', collectorId)
}
