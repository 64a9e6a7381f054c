import type { Transaction } from './database.ts'

/**
 * Holds the row of a collector until the transaction ends; false when there is none. It is the first lock of
 * everything that changes a collector or its jobs, and locks are taken in one order: collector, job, job
 * task. NO KEY, so that a row which only refers to the collector need not wait.
 */
export async function lockCollectorRow(
  tx: Transaction,
  { domainId, collectorId }: { readonly domainId: string; readonly collectorId: string },
): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from collector where domain_id = $1 and collector_id = $2 for no key update',
    [domainId, collectorId],
    { name: 'lock_collector_row' },
  )
  return rows.length > 0
}
