import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { InvalidParameter, NotFound } from '../../core/errors.ts'
import type { AcceptanceInfoSchema, AcceptancesInfoSchema } from '../../gen/gleaner/v1/coverage_pb.ts'
import { assertNames } from '../assert-names.ts'
import { isNamed, NO_NAME } from '../cells.ts'
import { isComplete, type LedgerEntry, readLedger } from '../ledger/read-ledger.ts'
import { findStored, listStored } from '../sql/acceptances.ts'
import type { StoredAcceptance } from './acceptance.ts'
import type { AcceptanceKey } from './end-acceptance.ts'

/** active: it accepts gaps. unused: there is none now. expired: its time is over. ended: somebody has ended it. */
export const ACCEPTANCE_STATES = ['active', 'unused', 'expired', 'ended'] as const
export type AcceptanceState = (typeof ACCEPTANCE_STATES)[number]

export type AcceptanceQuery = {
  readonly domainId: string
  readonly collectorId: string
  /** '' for all but the ended. */
  readonly state: string
}

type AcceptanceView = MessageInitShape<typeof AcceptanceInfoSchema>

/** Lists acceptances, the newest first, each with what it accepts now. */
export async function listAcceptances(
  ctx: Context,
  { domainId, collectorId, state }: AcceptanceQuery,
): Promise<MessageInitShape<typeof AcceptancesInfoSchema>> {
  if (state !== '' && !ACCEPTANCE_STATES.some((each) => each === state))
    throw new InvalidParameter('state', `'${state}' is none of ${ACCEPTANCE_STATES.join(', ')}`)
  assertNames({ collector_id: collectorId })
  const stored = await listStored(ctx.db, { domainId, collectorId, isEnded: state === 'ended' })
  const lines = await readLines(ctx, domainId, stored)
  const views = stored.map((each) => toView(each, lines))
  const results = views.filter((view) => state === '' || view.state === state)
  return { results, totalCount: results.length }
}

/** One of them. Throws NotFound. */
export async function getAcceptance(ctx: Context, key: AcceptanceKey): Promise<AcceptanceView> {
  const stored = await findStored(ctx.db, key)
  if (stored === undefined) throw new NotFound('acceptance', key.acceptanceId)
  return toView(stored, await readLines(ctx, key.domainId, [stored]))
}

/** The ledger, as far as any of these may hold in it. */
async function readLines(
  ctx: Context,
  domainId: string,
  stored: readonly StoredAcceptance[],
): Promise<readonly LedgerEntry[]> {
  const collectors = new Set(
    stored.filter(({ endedAt }) => endedAt === null).map(({ collectorId }) => collectorId),
  )
  if (collectors.size === 0) return []
  const [collectorId = ''] = collectors.size === 1 ? collectors : []
  const all = { secretId: '', name: NO_NAME, maxAge: undefined, now: ctx.now() }
  return await readLedger(ctx.db, { domainId, collectorId, ...all })
}

function toView(stored: StoredAcceptance, lines: readonly LedgerEntry[]): AcceptanceView {
  const { acceptanceId, collectorId, secretId, name, createdAt, until, endedAt } = stored
  const own = lines.filter(({ contributor }) => contributor.collectorId === collectorId)
  const gapCount = own.filter(({ acceptanceIds }) => acceptanceIds.includes(acceptanceId)).length
  const inScope = own.filter(
    ({ contributor, cell }) => (secretId === '' || contributor.secretId === secretId) && isNamed(cell, name),
  )
  return {
    acceptanceId,
    collectorId,
    collectorName: own[0]?.contributor.name ?? '',
    secretId,
    ...name,
    classes: [...stored.classes],
    reason: stored.reason,
    acceptedBy: stored.acceptedBy,
    createdAt: toTimestamp(createdAt),
    until: until === null ? '' : toTimestamp(until),
    endedAt: endedAt === null ? '' : toTimestamp(endedAt),
    endedBy: stored.endedBy,
    state: acceptanceState(stored, gapCount),
    gapCount,
    completeCount: inScope.filter(isComplete).length,
  }
}

/** Pure. */
export function acceptanceState(
  { endedAt, isExpired }: Pick<StoredAcceptance, 'endedAt' | 'isExpired'>,
  gaps: number,
): AcceptanceState {
  if (endedAt !== null) return 'ended'
  if (isExpired) return 'expired'
  return gaps > 0 ? 'active' : 'unused'
}
