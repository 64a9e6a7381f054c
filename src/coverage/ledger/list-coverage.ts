import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { InvalidParameter } from '../../core/errors.ts'
import type { CoverageCellInfoSchema, CoverageInfoSchema } from '../../gen/gleaner/v1/coverage_pb.ts'
import { assertNames } from '../assert-names.ts'
import { type CellName, nameFields } from '../cells.ts'
import { cellKey, countKeptByOthers } from '../sql/kept-by-others.ts'
import { CELL_STATES, type CellState } from './cell-status.ts'
import { readMaxAge } from './max-age.ts'
import { isAccepted, isComplete, type LedgerEntry, readLedger } from './read-ledger.ts'

export type CoverageQueryInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly secretId: string
  readonly name: CellName
  /** '' for all. */
  readonly state: string
  /** accepted, unaccepted: only cells that are not complete, and whose gap is or is not accepted; '' for all. */
  readonly gaps: string
  /** As `readMaxAge` reads it; '' for that of the domain. */
  readonly maxAge: string
  /** Position of the first cell, counted from 1; 0 means 1. */
  readonly start: number
  /** At most 1,000, and that when it is 0. */
  readonly limit: number
}

export type CoverageView = MessageInitShape<typeof CoverageInfoSchema>

const MAX_CELLS = 1_000

/** Lists cells and how complete they are, each and together. */
export async function listCoverage(ctx: Context, query: CoverageQueryInput): Promise<CoverageView> {
  const state = parseState(query.state)
  const isWanted = parseGaps(query.gaps)
  const { collectorId, secretId, name } = query
  assertNames({ collector_id: collectorId, secret_id: secretId, ...nameFields(name) })
  const maxAge = query.maxAge === '' ? undefined : readMaxAge(query.maxAge, 'max_age')
  const all = await readLedger(ctx.db, { ...query, maxAge, now: ctx.now() })
  const cells = all.filter((cell) => (state === undefined || cell.status.state === state) && isWanted(cell))
  const from = Math.max(0, query.start - 1)
  const limit = query.limit === 0 ? MAX_CELLS : Math.min(query.limit, MAX_CELLS)
  const complete = cells.filter(isComplete).length
  const accepted = cells.filter(isAccepted).length
  const page = cells.slice(from, from + limit)
  const kept = await countKeptByOthers(ctx.db, query.domainId, [
    ...new Set(page.map(({ contributor }) => contributor.contributorId)),
  ])
  return {
    results: page.map((cell) => toCellView(cell, kept, ctx.now())),
    totalCount: cells.length,
    completeCount: complete,
    complete: cells.length > 0 && complete === cells.length,
    acceptedCount: accepted,
    completeOrAccepted: cells.length > 0 && complete + accepted === cells.length,
    oldestEvidenceAt: oldestEvidence(cells),
  }
}

function parseState(text: string): CellState | undefined {
  if (text === '') return undefined
  const state = CELL_STATES.find((each) => each === text)
  if (state !== undefined) return state
  throw new InvalidParameter('state', `'${text}' is none of ${CELL_STATES.join(', ')}`)
}

function parseGaps(text: string): (cell: LedgerEntry) => boolean {
  if (text === '') return () => true
  if (text === 'accepted') return isAccepted
  if (text === 'unaccepted') return (cell) => !isComplete(cell) && !isAccepted(cell)
  throw new InvalidParameter('gaps', `'${text}' is none of accepted, unaccepted`)
}

function oldestEvidence(cells: readonly LedgerEntry[]): string {
  const moments = cells.map(({ receipt }) => receipt?.createdAt)
  const known = moments.filter((moment) => moment !== undefined)
  if (known.length === 0 || known.length < moments.length) return ''
  return toTimestamp(new Date(Math.min(...known.map((moment) => moment.getTime()))))
}

function toCellView(
  entry: LedgerEntry,
  kept: ReadonlyMap<string, number>,
  now: Date,
): MessageInitShape<typeof CoverageCellInfoSchema> {
  const { contributor, cell, receipt, status, failure } = entry
  const age = receipt === undefined ? 0 : (now.getTime() - receipt.createdAt.getTime()) / 1_000
  return {
    collectorId: contributor.collectorId,
    collectorName: contributor.name ?? '',
    secretId: contributor.secretId,
    provider: cell.provider,
    cloudServiceGroup: cell.cloudServiceGroup,
    cloudServiceType: cell.cloudServiceType,
    account: cell.account,
    regionCode: cell.regionCode,
    state: status.state,
    reason: status.reason,
    count: cell.claims,
    missedCount: cell.missed,
    unknownCount: cell.unknown,
    heldCount: cell.held,
    lastReceiptAt: receipt === undefined ? '' : toTimestamp(receipt.createdAt),
    ageSeconds: Math.max(0, Math.floor(age)),
    lastReceiptJobId: receipt?.jobId ?? '',
    grade: receipt?.grade ?? '',
    ...(failure === undefined
      ? {}
      : { lastFailure: { class: failure.class, message: failure.message, jobId: failure.jobId } }),
    nextRunAt: contributor.nextRunAt === null ? '' : toTimestamp(contributor.nextRunAt),
    acceptanceIds: [...entry.acceptanceIds],
    keptByOthersCount: kept.get(cellKey(contributor.contributorId, cell.cell)) ?? 0,
  }
}
