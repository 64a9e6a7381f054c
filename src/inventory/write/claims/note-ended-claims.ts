import { int4Array, type Transaction } from '../../../storage/index.ts'

/**
 * Notes claims that are about to end while their resources stay, for the ledger: what this contributor
 * reports no longer, and somebody else keeps alive. Slots of different resources.
 */
export async function noteEndedClaims(
  tx: Transaction,
  ended: {
    readonly domainId: string
    readonly contributorId: number
    readonly slots: readonly number[]
    readonly now: Date
  },
): Promise<void> {
  if (ended.slots.length === 0) return
  await tx.query(
    `insert into ended_claim (domain_id, contributor_id, cloud_service_id, cell, ended_at)
     select domain_id, contributor_id, target_id, coalesce(cell, 0), $4 from contribution
      where domain_id = $1 and contributor_id = $2 and slot = any($3::int4[])
     on conflict (domain_id, contributor_id, cloud_service_id) do update
        set cell = excluded.cell, ended_at = excluded.ended_at`,
    [ended.domainId, ended.contributorId, int4Array(ended.slots), ended.now],
  )
}
