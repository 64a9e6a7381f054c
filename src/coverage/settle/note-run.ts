import { listClaims, type SlotSet } from '../../inventory/write/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { enterEpoch, forgiveSeen, noteInEpoch } from '../claim-state.ts'
import { epochFromText } from '../epoch.ts'
import { refreshCells } from '../ledger/know-cells.ts'
import { type ContributorKey, lockClaimState, storeClaimState } from '../sql/claim-state.ts'
import { noteListed } from '../sql/note-listed.ts'
import { hasReceipt } from '../sql/receipts.ts'

export type NotedRun = ContributorKey & {
  /** Of the task: `epochToText`, '' or `MIXED_EPOCH`. */
  readonly epoch: string
  readonly seen: SlotSet
  /** Whether it created or changed anything, so that there may be new cells. */
  readonly hasChanged: boolean
  /** True when this attempt's stream was read to its end with status OK, and absence judged. */
  readonly complete: boolean
  readonly taskSeq: number
}

/**
 * Notes what a run saw, in the transaction that finishes its task and whatever its end: being seen ends every
 * count of misses. What was seen under an epoch can be missed under it from now on.
 */
export async function noteRun(tx: Transaction, run: NotedRun): Promise<void> {
  if (run.seen.count > 0) await noteSeen(tx, run)
  await noteListed(tx, run)
  if (run.hasChanged && !(await isJudged(tx, run)))
    await refreshCells(tx, run, await listClaims(tx, run.domainId, run.contributorId))
}

/**
 * Who has earned a receipt in this attempt has just brought the cells up to date; an earlier attempt did so
 * for what it saw.
 */
async function isJudged(tx: Transaction, run: NotedRun): Promise<boolean> {
  return run.complete && (await hasReceipt(tx, run))
}

async function noteSeen(tx: Transaction, run: NotedRun): Promise<void> {
  const before = await lockClaimState(tx, run)
  const epoch = epochFromText(run.epoch)
  const state = epoch === undefined ? before : enterEpoch(before, epoch)
  const isForgiven = forgiveSeen(state, run.seen)
  const isNewInEpoch = epoch !== undefined && noteInEpoch(state, run.seen)
  if (isForgiven || isNewInEpoch || state !== before) await storeClaimState(tx, run, state)
}
