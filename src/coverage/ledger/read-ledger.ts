import { classifyFailure } from '../../inventory/write/index.ts'
import type { Sql } from '../../storage/index.ts'
import { unseenNames } from '../acceptance/gap-causes.ts'
import { markAccepted } from '../acceptance/mark-accepted.ts'
import { type CellName, isEmptyName, isNamed, NO_NAME } from '../cells.ts'
import {
  type ContributorRow,
  type LedgerCell,
  type LedgerFailure,
  type LedgerReceipt,
  listLedgerCells,
  listLedgerContributors,
  listLedgerFailures,
  listLedgerReceipts,
} from '../sql/ledger.ts'
import { type CellFailure, type CellStatus, cellStatus } from './cell-status.ts'
import { type MaxAge, maxAgeMs } from './max-age.ts'
import { findVanishedKinds } from './vanished-kinds.ts'
import { unwatchedOf } from './why-unwatched.ts'

/** One line of the ledger. */
export type LedgerEntry = {
  readonly contributor: ContributorRow
  readonly cell: LedgerCell
  readonly receipt: LedgerReceipt | undefined
  readonly failure: CellFailure | undefined
  readonly status: CellStatus
  /** False for what was never seen: a collector that told of nothing yet, or what a failure names; empty names are any. */
  readonly isKnown: boolean
  /** Who accepts that it is not complete; none where nobody does, or not all that is the matter with it. */
  readonly acceptanceIds: readonly string[]
}

export function isComplete({ status }: Pick<LedgerEntry, 'status'>): boolean {
  return status.state === 'complete'
}

/** Whether it is a gap that somebody accepts. */
export function isAccepted({ acceptanceIds }: Pick<LedgerEntry, 'acceptanceIds'>): boolean {
  return acceptanceIds.length > 0
}

export type LedgerQuery = {
  readonly domainId: string
  readonly collectorId: string
  readonly secretId: string
  readonly name: CellName
  /** Instead of that of the domain; undefined for that. */
  readonly maxAge: MaxAge | undefined
  readonly now: Date
}

/** Reads all cells that a query chooses: a few statements, whatever their number. */
export async function readLedger(sql: Sql, query: LedgerQuery): Promise<readonly LedgerEntry[]> {
  const contributors = await listLedgerContributors(sql, query)
  const contributorIds = contributors.map(({ contributorId }) => contributorId)
  const cells = await listLedgerCells(sql, { ...query, contributorIds })
  const seqs = [...new Set(cells.flatMap(({ receiptSeq }) => receiptSeq ?? []))]
  const receipts = await listLedgerReceipts(sql, { ...query, contributorIds, seqs })
  const failures = await listLedgerFailures(sql, { ...query, contributorIds })
  const isVanished = await findVanishedKinds(sql, query.domainId, unseenBy(cells))
  const cellsOf = Map.groupBy(cells, ({ contributorId }) => contributorId)
  const receiptsOf = Map.groupBy(receipts, ({ contributorId }) => contributorId)
  const failuresOf = Map.groupBy(failures, ({ contributorId }) => contributorId)
  const lines = contributors.flatMap((contributor) => {
    const id = contributor.contributorId
    const known = cellsOf.get(id) ?? []
    const all = { receipts: receiptsOf.get(id) ?? [], failures: failuresOf.get(id) ?? [], isVanished, query }
    const entries = known.map((cell) => toEntry(contributor, cell, all))
    if (!isEmptyName(query.name)) return entries
    // Nobody would see otherwise that they are missing: what a failure names, a collector that never reported anything.
    const nothing = known.length === 0 ? toEntry(contributor, emptyCell(id), all) : undefined
    // No receipt covers what is not among the known cells: one that covers all of these was earned beside the failure.
    const unseen = unseenOf(known, all).map((name) =>
      toEntry(contributor, emptyCell(id, name), { ...all, receipts: [] }),
    )
    const missing = unseen.length === 0 && nothing !== undefined ? [nothing] : unseen
    return [...entries, ...missing.map((entry) => ({ ...entry, isKnown: false }))]
  })
  return await markAccepted(sql, query, lines)
}

/** What the newest run that says anything could not read, and nobody has ever seen. */
function unseenOf(
  known: readonly LedgerCell[],
  { receipts, failures }: Pick<Evidence, 'receipts' | 'failures'>,
): readonly CellName[] {
  const newest = receipts.reduce<LedgerReceipt | undefined>(
    (best, each) => (best === undefined || each.taskSeq > best.taskSeq ? each : best),
    undefined,
  )
  const open = failures.filter(
    ({ taskSeq, jobId }) => newest === undefined || taskSeq > newest.taskSeq || jobId === newest.jobId,
  )
  return unseenNames(open, known)
}

type Evidence = {
  readonly receipts: readonly LedgerReceipt[]
  readonly failures: readonly LedgerFailure[]
  readonly isVanished: Awaited<ReturnType<typeof findVanishedKinds>>
  readonly query: Pick<LedgerQuery, 'maxAge' | 'now'>
}

/** Who claims something in one of these cells and has seen nothing of it under the present inputs. */
function unseenBy(cells: readonly LedgerCell[]): readonly number[] {
  const unseen = cells.filter(({ claims, unknown }) => claims > 0 && unknown === claims)
  return [...new Set(unseen.map(({ contributorId }) => contributorId))]
}

function toEntry(contributor: ContributorRow, cell: LedgerCell, all: Evidence): LedgerEntry {
  const receipt = newestReceipt(cell, all.receipts)
  const failure = newestFailure(contributor, cell, all.failures, receipt)
  const { maxAge, now } = all.query
  const maxAgeHours = maxAge === undefined ? contributor.maxAgeHours : maxAge
  const status = cellStatus({
    ...cell,
    receiptSeq: receipt?.taskSeq,
    newestSeq: contributor.newestSeq ?? undefined,
    ...unwatchedOf(contributor),
    isDisabled: contributor.state === 'DISABLED',
    isKindVanished: cell.cell !== null && all.isVanished(contributor.contributorId, cell.cell),
    failure,
    ageMs: receipt === undefined ? 0 : now.getTime() - receipt.createdAt.getTime(),
    maxAgeMs: maxAgeMs({ ...contributor, maxAgeHours }),
  })
  return { contributor, cell, receipt, failure, status, isKnown: true, acceptanceIds: [] }
}

/** The newest one that covers all cells, or a newer one that this cell names itself. */
function newestReceipt(cell: LedgerCell, receipts: readonly LedgerReceipt[]): LedgerReceipt | undefined {
  const own = receipts.find(({ taskSeq }) => taskSeq === cell.receiptSeq)
  const full = receipts.find(({ covers }) => covers === 'all')
  if (own === undefined || full === undefined) return own ?? full
  return own.taskSeq > full.taskSeq ? own : full
}

/** What has gone wrong for this cell since it was last listed completely: a failure that names it, or that of the stream. */
function newestFailure(
  contributor: ContributorRow,
  cell: LedgerCell,
  failures: readonly LedgerFailure[],
  receipt: LedgerReceipt | undefined,
): CellFailure | undefined {
  const since = receipt?.taskSeq ?? 0
  const { newestError, newestSeq, newestJobId } = contributor
  if (newestError !== null && newestSeq !== null && newestSeq > since) {
    const message = newestError
    return { class: classifyFailure(message), message, jobId: newestJobId ?? '', taskSeq: newestSeq }
  }
  const later = failures.filter(({ taskSeq }) => taskSeq > since)
  // One that names nothing known withholds all cells, so it is the reason of all.
  return later.find((failure) => isNamed(cell, failure)) ?? later[0]
}

function emptyCell(contributorId: number, names = NO_NAME): LedgerCell {
  return {
    ...names,
    contributorId,
    cell: null,
    claims: 0,
    missed: 0,
    unknown: 0,
    held: 0,
    receiptSeq: null,
    receiptAt: null,
  }
}
