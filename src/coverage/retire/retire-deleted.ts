import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import { toError, Unavailable } from '../../core/errors.ts'
import { refoldShared } from '../../inventory/write/index.ts'
import type { Database, Sql, Transaction } from '../../storage/index.ts'

type CollectorKey = { readonly domainId: string; readonly collectorId: string }

type DeletedCollector = CollectorKey & {
  /** Who deletes it, for the history. */
  readonly by: string
}

/**
 * Retires what a collector has said that this transaction deletes: its claims stay, and count last where
 * others speak of the same. What that changes in documents is left to `refoldDeleted`.
 */
export async function retireDeleted(tx: Transaction, deleted: DeletedCollector): Promise<void> {
  const { domainId, collectorId, by } = deleted
  await tx.query('update contributor set refold_by = $3 where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
    by,
  ])
}

type RefoldDeps = {
  readonly db: Database
  readonly log: Logger
  readonly now: Clock
  readonly signal: AbortSignal
}

/**
 * Folds anew the documents that deleted collectors share with others: of one collector, or whatever was left
 * undone in all domains. Whoever is stopped over it leaves the rest for the next call; what is done twice
 * changes nothing. What cannot be folded is logged, and keeps no other collector waiting.
 */
export async function refoldDeleted(deps: RefoldDeps, key?: CollectorKey): Promise<void> {
  for (const unfolded of await listUnfolded(deps.db, key)) {
    try {
      await refoldOne(deps, unfolded)
    } catch (thrown) {
      if (thrown instanceof Unavailable || deps.signal.aborted) throw thrown
      const { domainId, collectorId } = unfolded
      deps.log.warn(
        { domainId, collectorId, err: toError(thrown).message },
        'what a deleted collector shared with others could not be folded anew; it is tried again',
      )
    }
  }
}

async function refoldOne(
  { db, now, signal }: RefoldDeps,
  { domainId, contributorId, collectorId, refoldBy: by }: Unfolded,
): Promise<void> {
  const evidence = { kind: 'retired' as const, ended: [], by, collector_id: collectorId }
  await refoldShared(db, { domainId, contributorId, evidence, now: now(), signal })
  await db.query('update contributor set refold_by = null where domain_id = $1 and contributor_id = $2', [
    domainId,
    contributorId,
  ])
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
