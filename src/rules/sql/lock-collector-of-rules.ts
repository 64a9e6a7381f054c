import { NotFound, RequiredParameter } from '../../core/errors.ts'
import { lockCollectorRow, type Transaction } from '../../storage/index.ts'

/** Holds the collector whose rules are to change, so that their places stay without gaps; throws NotFound. */
export async function lockCollectorOfRules(
  tx: Transaction,
  { domainId, collectorId }: { readonly domainId: string; readonly collectorId: string },
): Promise<void> {
  if (collectorId === '') throw new RequiredParameter('collector_id')
  if (!(await lockCollectorRow(tx, { domainId, collectorId }))) throw new NotFound('collector', collectorId)
}
