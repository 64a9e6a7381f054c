import type { Transaction } from '../../storage/index.ts'

const BEGIN_HELD = `
update job set status = 'IN_PROGRESS', updated_at = $3
 where domain_id = $1 and collector_id = $2 and status = 'CREATED'`

/**
 * Lets all jobs of a collector begin that were held back behind others; their tasks enter lanes with the next
 * `enterLanes`. For a collector whose policy no longer holds jobs back: a new job would run beside those that
 * are held, its tasks would wait for theirs, which were planned earlier, and theirs for the end of its job.
 * The transaction holds the collector's row.
 */
export async function beginHeldJobs(
  tx: Transaction,
  {
    domainId,
    collectorId,
    at,
  }: { readonly domainId: string; readonly collectorId: string; readonly at: Date },
): Promise<void> {
  await tx.query(BEGIN_HELD, [domainId, collectorId, at])
}
