import { type EndedClaim, retryConflicts, withdrawClaims } from '../../inventory/write/index.ts'
import type { Database, Transaction } from '../../storage/index.ts'
import { MAX_MISSES, RECEIPTS_LOOKED_THROUGH } from '../settings.ts'
import type { ContributorKey } from '../sql/claim-state.ts'
import { listMissingReceipts, type MissingReceipt } from '../sql/receipts.ts'

/** Claims that end, by slot, and who ends them. */
type EndingClaims = ContributorKey & {
  readonly slots: readonly number[]
  readonly epoch: string
  readonly collectorId: string
  /** Sequence of the task whose receipt was the last that was needed; null when a call releases a hold. */
  readonly taskSeq: number | null
  /** Who released the hold that kept them back. */
  readonly releasedBy?: string
  /**
   * Asked in each step, once its claims are locked: which may still end. A run that judges needs not ask:
   * nobody else writes about its claims.
   */
  readonly chooseLocked?: (tx: Transaction) => Promise<ReadonlySet<number>>
  readonly at: Date
  /** How many one transaction ends. */
  readonly claimsAStep: number
  readonly signal: AbortSignal
  /** Last statement of each step: counts what it deleted, and throws when the task has moved on. */
  readonly recordDeleted: (tx: Transaction, deleted: number) => Promise<void>
}

/**
 * Ends claims in steps, each whole in itself: contributions, documents, history and counters of a resource
 * together. What a step that never came left standing is due again under the next receipt. Returns how many
 * resources are newly DELETED.
 */
export async function endClaims(db: Database, ending: EndingClaims): Promise<number> {
  if (ending.slots.length === 0) return 0
  const { chooseLocked, ...rest } = ending
  const receipts = await listMissingReceipts(db, ending, {
    epoch: ending.epoch,
    limit: RECEIPTS_LOOKED_THROUGH,
  })
  let deleted = 0
  for (let from = 0; from < ending.slots.length; from += ending.claimsAStep) {
    const claims = ending.slots.slice(from, from + ending.claimsAStep).map((slot) => ({
      slot,
      evidence: {
        kind: 'absence' as const,
        ended: [toEnded(ending, slot, receipts)],
        ...(ending.releasedBy === undefined ? {} : { released_by: ending.releasedBy }),
      },
    }))
    deleted += await retryConflicts(
      db,
      async (tx) => {
        const count = await withdrawClaims(tx, {
          ...rest,
          claims,
          now: ending.at,
          ...(chooseLocked !== undefined && { chooseLocked: () => chooseLocked(tx) }),
        })
        await ending.recordDeleted(tx, count)
        return count
      },
      { signal: ending.signal },
    )
  }
  return deleted
}

function toEnded(
  { contributorId, collectorId }: EndingClaims,
  slot: number,
  receipts: readonly MissingReceipt[],
): EndedClaim {
  const proof = receipts.filter(({ missed }) => missed.has(slot)).slice(0, MAX_MISSES)
  return {
    contributor_id: contributorId,
    collector_id: collectorId,
    receipts: proof.map(({ jobId, grade, createdAt }) => ({
      job_id: jobId,
      grade,
      at: createdAt.toISOString(),
    })),
  }
}
