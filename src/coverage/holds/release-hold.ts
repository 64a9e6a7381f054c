import type { Context } from '../../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import { SlotSet } from '../../inventory/write/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { nameDecider } from '../decider.ts'
import { recountCells } from '../ledger/recount-cells.ts'
import { readUnfolded } from '../read-unfolded.ts'
import { DEFAULT_COVERAGE_SETTINGS } from '../settings.ts'
import { endClaims } from '../settle/end-claims.ts'
import { readClaimState } from '../sql/claim-state.ts'
import { endHolds, slotsOf } from '../sql/holds.ts'

export type ReleaseHoldInput = { readonly domainId: string; readonly holdId: string }

/**
 * Ends a hold by somebody's decision: its claims end now, on the receipts that had missed them. Those that were seen
 * since, also by a run that is still under way, stay. Returns how many resources are newly DELETED.
 */
export async function releaseHold(ctx: Context, input: ReleaseHoldInput): Promise<number> {
  if (input.holdId === '') throw new RequiredParameter('hold_id')
  const { domainId } = input
  const by = nameDecider(ctx)
  const hold = await ctx.db.transaction((tx) => release(tx, { ...input, by, at: ctx.now() }))
  const deleted = await endClaims(ctx.db, {
    ...hold,
    domainId,
    taskSeq: null,
    releasedBy: by,
    at: ctx.now(),
    claimsAStep: DEFAULT_COVERAGE_SETTINGS.claimsAStep,
    signal: ctx.signal,
    recordDeleted: async () => {},
  })
  await ctx.db.transaction((tx) => recountCells(tx, { domainId, contributorId: hold.contributorId }))
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

async function release(
  tx: Transaction,
  { domainId, holdId, by, at }: ReleaseHoldInput & { readonly by: string; readonly at: Date },
) {
  const [hold] = await tx.query<HoldRow>(
    `select h.contributor_id, b.collector_id, h.epoch, h.state, h.slots
       from hold h join contributor b on b.domain_id = h.domain_id and b.contributor_id = h.contributor_id
      where h.domain_id = $1 and h.hold_id = $2 for update of h`,
    [domainId, holdId],
  )
  if (hold === undefined) throw new NotFound('hold', holdId)
  if (hold.state !== 'open') throw notOpen(holdId, hold.state)
  await endHolds(tx, { domainId }, { holds: [{ holdId }], state: 'released', by, at, taskSeq: null })
  const missed = (await readClaimState(tx, { ...hold, domainId })).missed[0] ?? new SlotSet()
  const seen = await readUnfolded(tx, { domainId, contributorId: hold.contributorId })
  return { ...hold, slots: slotsOf(hold.slots).filter((slot) => missed.has(slot) && !seen.has(slot)) }
}

function notOpen(holdId: string, state: string): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_HOLD_STATE',
    `hold '${holdId}' is ${state} already, so that nothing is kept back by it; nothing was changed. List the open ones`,
  )
}
