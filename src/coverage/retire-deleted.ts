import type { Clock } from '../core/clock.ts'
import { refoldShared } from '../inventory/write/index.ts'
import type { Database, Sql, Transaction } from '../storage/index.ts'

type CollectorKey = { readonly domainId: string; readonly collectorId: string }

export type DeletedCollector = CollectorKey & {
  /** Who deletes it, for the history. */
  readonly by: string
  readonly at: Date
}

/**
 * Retires what a collector has said that this transaction deletes: its claims stay, and count last where others speak of the
 * same. What that changes in documents is left to `refoldDeleted`.
 */
export async function retireDeleted(tx: Transaction, deleted: DeletedCollector): Promise<void> {
  const { domainId, collectorId, by, at } = deleted
  await tx.query(
    'update contributor set retired_at = $3, refold_by = $4 where domain_id = $1 and collector_id = $2',
    [domainId, collectorId, at, by],
  )
}

export type RefoldDeps = { readonly db: Database; readonly now: Clock; readonly signal: AbortSignal }

/**
 * Folds anew the documents that deleted collectors share with others: of one collector, or whatever was left undone in all
 * domains. Whoever is stopped over it leaves the rest for the next call; what is done twice changes nothing.
 */
export async function refoldDeleted({ db, now, signal }: RefoldDeps, key?: CollectorKey): Promise<void> {
  for (const { domainId, contributorId, collectorId, refoldBy: by } of await listUnfolded(db, key)) {
    const evidence = { kind: 'retired' as const, ended: [], by, collector_id: collectorId }
    await refoldShared(db, { domainId, contributorId, evidence, now: now(), signal })
    await db.query('update contributor set refold_by = null where domain_id = $1 and contributor_id = $2', [
      domainId,
      contributorId,
    ])
  }
}

type Unfolded = CollectorKey & { readonly contributorId: number; readonly refoldBy: string }

// The index contributor_refolding holds nothing else.
async function listUnfolded(sql: Sql, key: CollectorKey | undefined): Promise<readonly Unfolded[]> {
  return await sql.query<Unfolded>(
    `select domain_id, contributor_id, collector_id, refold_by from contributor
      where refold_by is not null and ($1::text is null or (domain_id = $1 and collector_id = $2))
      order by domain_id, contributor_id`,
    [key?.domainId ?? null, key?.collectorId ?? null],
  )
}
