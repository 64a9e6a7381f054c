import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { InvalidParameter, NotFound } from '../../core/errors.ts'
import type { AcceptanceInfoSchema, AcceptancesInfoSchema } from '../../gen/gleaner/v1/coverage_pb.ts'
import { assertNames } from '../assert-names.ts'
import { NO_NAME } from '../cells.ts'
import { isComplete, type LedgerEntry, readLedger } from '../ledger/read-ledger.ts'
import { indexNames } from '../name-index.ts'
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
  const views = toViews(stored, lines)
  const results = views.filter((view) => state === '' || view.state === state)
  return { results, totalCount: results.length }
}

/** One of them. Throws NotFound. */
export async function getAcceptance(ctx: Context, key: AcceptanceKey): Promise<AcceptanceView> {
  const stored = await findStored(ctx.db, key)
  if (stored === undefined) throw new NotFound('acceptance', key.acceptanceId)
  const [view] = toViews([stored], await readLines(ctx, key.domainId, [stored]))
  if (view === undefined) throw new NotFound('acceptance', key.acceptanceId)
  return view
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

/** What each accepts now, found by going through the lines once. */
function toViews(
  stored: readonly StoredAcceptance[],
  lines: readonly LedgerEntry[],
): readonly AcceptanceView[] {
  const ofCollector = Map.groupBy(stored, ({ collectorId }) => collectorId)
  const meaning = new Map([...ofCollector].map(([id, own]) => [id, indexNames(own, ({ name }) => name)]))
  const [gaps, complete] = [new Map<string, number>(), new Map<string, number>()]
  const names = new Map<string, string>()
  for (const line of lines) {
    const { collectorId, secretId, name } = line.contributor
    if (!names.has(collectorId)) names.set(collectorId, name ?? '')
    for (const id of line.acceptanceIds) addOne(gaps, id)
    if (!isComplete(line)) continue
    for (const each of meaning.get(collectorId)?.(line.cell) ?? [])
      if (each.secretId === '' || each.secretId === secretId) addOne(complete, each.acceptanceId)
  }
  return stored.map((each) =>
    toView(each, {
      collectorName: names.get(each.collectorId) ?? '',
      gapCount: gaps.get(each.acceptanceId) ?? 0,
      completeCount: complete.get(each.acceptanceId) ?? 0,
    }),
  )
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

type Counted = { readonly collectorName: string; readonly gapCount: number; readonly completeCount: number }

function toView(
  stored: StoredAcceptance,
  { collectorName, gapCount, completeCount }: Counted,
): AcceptanceView {
  const { acceptanceId, collectorId, secretId, name, createdAt, until, endedAt } = stored
  return {
    acceptanceId,
    collectorId,
    collectorName,
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
    completeCount,
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
