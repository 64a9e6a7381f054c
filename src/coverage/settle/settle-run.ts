import {
  type Claims,
  type CollectMode,
  readRuns,
  readSightingsOf,
  type SlotSet,
} from '../../inventory/write/index.ts'
import type { Database, Sql, Transaction } from '../../storage/index.ts'
import type { CellName } from '../cells.ts'
import { type ClaimState, enterEpoch, forgiveSeen, noteInEpoch } from '../claim-state.ts'
import { type Epoch, epochToText } from '../epoch.ts'
import { type HoldChanges, mergeHolds, type OpenHold } from '../holds/merge-holds.ts'
import { planHolds } from '../holds/plan-holds.ts'
import { type CellList, knowCells } from '../ledger/know-cells.ts'
import type { CoverageSettings } from '../settings.ts'
import { readClaimState } from '../sql/claim-state.ts'
import { listOpenHolds } from '../sql/holds.ts'
import { hasReceipt } from '../sql/receipts.ts'
import { listTaskFacts, listWithheld, type TaskFact } from '../sql/run-facts.ts'
import { countMisses, type MissCount } from './count-misses.ts'
import { type Covered, coveredCells, type Declaration } from './covered-cells.ts'
import { endClaims } from './end-claims.ts'
import { noteUnfinished, noteUnproven } from './note-doubts.ts'
import { storeJudgement } from './store-judgement.ts'

/** A task whose stream has just ended well, and that has not been finished yet. */
export type SettledRun = {
  readonly domainId: string
  readonly contributorId: number
  readonly collectorId: string
  readonly jobId: string
  readonly taskSeq: number
  readonly attempt: number
  readonly mode: CollectMode
  /** A filter of the request, or a cached one, kept the plugin from sending all it knows. */
  readonly isFiltered: boolean
  readonly epoch: Epoch
  readonly declaration: Declaration
  readonly at: Date
  readonly signal: AbortSignal
  /** The live claims of the contributor as of now. */
  readonly listClaims: (sql: Sql) => Promise<Claims>
  /** Adds to the task's counters under its fencing token; throws when the attempt has moved on. */
  readonly recordEvidence: (tx: Transaction, counts: EvidenceCounts) => Promise<void>
}

/** Claims missed for the first time, and resources newly DELETED. */
export type EvidenceCounts = { readonly disconnected: number; readonly deleted: number }

/** What one receipt means for the claims of its contributor. */
export type Judgement = {
  readonly run: SettledRun
  readonly state: ClaimState
  /** Whether anything but the newest counted receipt differs from what is stored. */
  readonly hasStateChanged: boolean
  readonly cellList: CellList
  readonly claims: Claims
  readonly covered: Covered
  readonly isReceipt: boolean
  /** No receipt, and nothing that could not be read: the plugin has declared nothing that is known. */
  readonly isUndeclared: boolean
  readonly isCounted: boolean
  readonly isRepeated: boolean
  readonly misses: MissCount
  readonly holds: HoldChanges
}

/**
 * Judges absence after a run that may have earned a receipt: the last task of its contributor in the job, and
 * every one of them read to its end without a filter. Counts misses and decides in one transaction under the
 * fencing token, then ends the claims in steps under the same token, all before the task ends. An attempt
 * that is repeated after a crash counts nothing twice.
 */
export async function settleRun(
  { db, settings }: { readonly db: Database; readonly settings: CoverageSettings },
  run: SettledRun,
): Promise<void> {
  if (run.mode !== 'ALL' || run.isFiltered) return
  await noteUnfinished(db, run)
  const tasks = await listTaskFacts(db, run, run.jobId)
  const others = tasks.filter(({ seq }) => seq !== run.taskSeq)
  // What is not complete will be, and judges then, or says itself that it was not read.
  if (!others.every(({ complete }) => complete)) return
  if (!others.every(({ epoch }) => epoch === epochToText(run.epoch)))
    return await noteUnproven(db, run, 'mixed')
  const judgement = await judgeRun(db, settings, run, others)
  if (judgement.isUndeclared) await noteUnproven(db, run, 'undeclared')
  await db.transaction((tx) => storeJudgement(tx, judgement), { signal: run.signal })
  await endClaims(db, {
    ...run,
    slots: judgement.holds.ends,
    epoch: judgement.state.epoch,
    claimsAStep: settings.claimsAStep,
    recordDeleted: (tx, deleted) => run.recordEvidence(tx, { disconnected: 0, deleted }),
  })
}

/**
 * Reads without locks: nobody else writes about a contributor while its task runs, and the fence decides in
 * the end. So it needs no transaction either, and reads side by side what is long; what is short follows one
 * after the other, on one connection.
 */
async function judgeRun(
  sql: Sql,
  settings: CoverageSettings,
  run: SettledRun,
  others: readonly TaskFact[],
): Promise<Judgement> {
  const [{ claims, cellList }, { seen, seenNow, before }, { failures, isRepeated, open }] = await Promise.all(
    [readClaims(sql, run), readSeen(sql, run, others), readDoubts(sql, run, others)],
  )
  const { state, hasChanged } = advance(before, run.epoch, seen, seenNow)
  const { cells } = cellList
  // What other parts of the work have completed is not known here: for them the end of their streams speaks.
  const { complete } = run.declaration
  const declaration = { ...run.declaration, complete: others.length === 0 ? complete : undefined }
  const covered = coveredCells({ cells, isComplete: true, failures, declaration })
  // Nothing known and nothing found is a complete list as well, unless something could not be read.
  const isReceipt = covered.size > 0 || (cells.size === 0 && failures.length === 0)
  const isCounted = isReceipt && !isRepeated && isSpaced(state, run.at, settings.minReceiptSpacingMs)
  const misses = countMisses({ claims, cells, state, seen, covered, isCounted })
  const live = new Set(open.length === 0 ? [] : claims.slots)
  const plan = planHolds({ claims, due: misses.due, cells, counts: misses.cells })
  const holds = mergeHolds({
    plan,
    open,
    isMissed: (slot) => (state.missed[0]?.has(slot) ?? false) && live.has(slot),
    isConfirmed: (slot) => misses.missed.has(slot),
    releasesHolds: settings.releasesHolds,
    at: run.at,
  })
  if (isCounted) Object.assign(state, { countedSeq: run.taskSeq, countedAt: run.at })
  const hasStateChanged = hasChanged || misses.missed.count > 0
  return {
    run,
    state,
    hasStateChanged,
    cellList,
    claims,
    covered,
    isReceipt,
    isUndeclared: !isReceipt && failures.length === 0,
    isCounted,
    isRepeated,
    misses,
    holds,
  }
}

async function readClaims(
  sql: Sql,
  run: SettledRun,
): Promise<{ readonly claims: Claims; readonly cellList: CellList }> {
  const claims = await run.listClaims(sql)
  return { claims, cellList: await knowCells(sql, run, claims) }
}

/**
 * What the job has seen of the contributor, that part of it which counts for this epoch, and what was known
 * before.
 */
async function readSeen(
  sql: Sql,
  run: SettledRun,
  others: readonly TaskFact[],
): Promise<{ readonly seen: SlotSet; readonly seenNow: SlotSet; readonly before: ClaimState }> {
  const { seen, seenNow } = await readSightingsOf(sql, run)
  const seenByOthers = await readRuns(
    sql,
    run,
    others.map(({ seq }) => seq),
  )
  seen.addAll(seenByOthers)
  // The other tasks ran under the same epoch; an earlier attempt may have run under another one.
  seenNow.addAll(seenByOthers)
  return { seen, seenNow, before: await readClaimState(sql, run) }
}

/** What may withhold a receipt, or keep absence from counting. */
async function readDoubts(
  sql: Sql,
  run: SettledRun,
  others: readonly TaskFact[],
): Promise<{
  readonly failures: readonly CellName[]
  readonly isRepeated: boolean
  readonly open: readonly OpenHold[]
}> {
  const failures = await listWithheld(sql, run, [...others, { seq: run.taskSeq, attempt: run.attempt }])
  const isRepeated = await hasReceipt(sql, run)
  return { failures, isRepeated, open: await listOpenHolds(sql, run) }
}

function advance(
  before: ClaimState,
  epoch: Epoch,
  seen: SlotSet,
  seenInEpoch: SlotSet,
): { readonly state: ClaimState; readonly hasChanged: boolean } {
  const state = enterEpoch(before, epoch)
  const isForgiven = forgiveSeen(state, seen)
  const isNewInEpoch = noteInEpoch(state, seenInEpoch)
  return { state, hasChanged: state !== before || isForgiven || isNewInEpoch }
}

/**
 * Whether a receipt comes long enough after the last counted one. Clocks may be set back: then the time to
 * wait starts anew from here, instead of lasting until the old moment is reached again.
 */
function isSpaced(state: ClaimState, at: Date, spacingMs: number): boolean {
  if (state.countedAt === undefined) return true
  const elapsedMs = at.getTime() - state.countedAt.getTime()
  if (elapsedMs < 0) state.countedAt = at
  return elapsedMs >= spacingMs
}
