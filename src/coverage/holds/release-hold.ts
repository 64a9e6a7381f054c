import type { Context } from '../../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import { nameDecider } from '../decider.ts'
import { recountCells } from '../ledger/recount-cells.ts'
import { readUnfolded } from '../read-unfolded.ts'
import { DEFAULT_COVERAGE_SETTINGS } from '../settings.ts'
import { endClaims } from '../settle/end-claims.ts'
import { type ContributorKey, lockClaimState } from '../sql/claim-state.ts'
import { endHolds, slotsOf } from '../sql/holds.ts'

export type ReleaseHoldInput = { readonly domainId: string; readonly holdId: string }

/**
 * Ends a hold by somebody's decision: its claims end now, on the receipts that had missed them. Those that were seen
 * since, also by a run that is still under way or ends meanwhile, stay. Returns how many resources are newly DELETED.
 */
export async function releaseHold(ctx: Context, input: ReleaseHoldInput): Promise<number> {
  if (input.holdId === '') throw new RequiredParameter('hold_id')
  const { domainId } = input
  const by = nameDecider(ctx)
  const hold = await ctx.db.transaction((tx) => release(tx, { ...input, by, at: ctx.now() }))
  const key = { domainId, contributorId: hold.contributorId }
  const deleted = await endClaims(ctx.db, {
    ...hold,
    domainId,
    taskSeq: null,
    releasedBy: by,
    at: ctx.now(),
    claimsAStep: DEFAULT_COVERAGE_SETTINGS.claimsAStep,
    signal: ctx.signal,
    chooseLocked: (tx) => stillMissed(tx, key, hold.slots),
    recordDeleted: async () => {},
  })
  await ctx.db.transaction((tx) => recountCells(tx, key))
  ctx.log.info({ ...input, deleted }, 'hold released')
  return deleted
}

type HoldRow = {
  readonly contributorId: number
  readonly collectorId: string
  readonly epoch: string
  readonly state: string
  readonly slots: Buffer
}

const HOLD = `
select h.contributor_id, b.collector_id, h.epoch, h.state, h.slots
  from hold h join contributor b on b.domain_id = h.domain_id and b.contributor_id = h.contributor_id
 where h.domain_id = $1 and h.hold_id = $2`

/** Locks as a run does that judges: what is known of the claims first, then the hold. */
async function release(
  tx: Transaction,
  { domainId, holdId, by, at }: ReleaseHoldInput & { readonly by: string; readonly at: Date },
) {
  const [found] = await tx.query<HoldRow>(HOLD, [domainId, holdId])
  if (found === undefined) throw new NotFound('hold', holdId)
  const key = { domainId, contributorId: found.contributorId }
  await lockClaimState(tx, key)
  const [hold = found] = await tx.query<HoldRow>(`${HOLD} for update of h`, [domainId, holdId])
  if (hold.state !== 'open') throw notOpen(holdId, hold.state)
  await endHolds(tx, { domainId }, { holds: [{ holdId }], state: 'released', by, at, taskSeq: null })
  const missed = await stillMissed(tx, key, slotsOf(hold.slots))
  return { ...hold, slots: [...missed] }
}

/**
 * Which of these claims are still missed, as it stays until the transaction is over: no run can end meanwhile, and what those
 * have seen that are under way is none of them. Nor is what was missed under other inputs than the present ones.
 */
async function stillMissed(
  tx: Transaction,
  key: ContributorKey,
  slots: readonly number[],
): Promise<ReadonlySet<number>> {
  const { missed } = await lockClaimState(tx, key)
  const seen = await readUnfolded(tx, key)
  return new Set(slots.filter((slot) => missed[0]?.has(slot) === true && !seen.has(slot)))
}

function notOpen(holdId: string, state: string): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_HOLD_STATE',
    `hold '${holdId}' is ${state} already, so that nothing is kept back by it; nothing was changed. List the open ones`,
  )
}
