import type { Transaction } from '../../storage/index.ts'

const DELETE_COLLECTOR = 'delete from collector where domain_id = $1 and collector_id = $2'

/** Removes the collector alone: its jobs carry a frozen copy, its contributions stay in the inventory. */
export async function deleteCollectorRow(
  tx: Transaction,
  key: { readonly domainId: string; readonly collectorId: string },
): Promise<void> {
  await tx.query(DELETE_COLLECTOR, [key.domainId, key.collectorId])
}
