import type { Claims } from '../../inventory/write/index.ts'
import { cellAt, listClaims } from '../../inventory/write/index.ts'
import type { Sql, Transaction } from '../../storage/index.ts'
import { type CellName, isNamed, withoutRegion } from '../cells.ts'
import { readUnfolded } from '../read-unfolded.ts'
import { inDoubt } from '../settle/in-doubt.ts'
import { listCells, type StoredCell } from '../sql/cells.ts'
import { type ContributorKey, lockClaimState, readClaimState } from '../sql/claim-state.ts'
import { findPresentReceipt, listFailuresOf } from '../sql/present-receipt.ts'

/** Which claims of a contributor a decision is about. */
export type ClaimChoice = {
  /** Cells; an empty field names any. */
  readonly name: CellName
  /** Only those that no run can miss under the present inputs. */
  readonly isInDoubtOnly: boolean
}

type ChosenClaims = {
  readonly slots: readonly number[]
  /** Cells of which nothing needs to be known any more once no claim is left in them. */
  readonly cells: readonly number[]
}

/** Reads which claims are meant, as they are now. */
export async function chooseClaims(
  sql: Sql,
  key: ContributorKey,
  choice: ClaimChoice,
): Promise<ChosenClaims> {
  const claims = await listClaims(sql, key.domainId, key.contributorId)
  const named = (await listCells(sql, key)).filter((cell) => isNamed(cell, choice.name))
  if (choice.isInDoubtOnly) return await chooseInDoubt(sql, key, { claims, named })
  return { slots: slotsIn(claims, named), cells: named.map(({ cell }) => cell) }
}

/**
 * Chooses again, once the claims are locked that are about to end: until the transaction is over no run can
 * end, and what those have seen that ended since the first choice, or are under way, is chosen no more.
 */
export async function chooseAgain(
  tx: Transaction,
  key: ContributorKey,
  choice: ClaimChoice,
): Promise<ReadonlySet<number>> {
  await lockClaimState(tx, key)
  return new Set((await chooseClaims(tx, key, choice)).slots)
}

/**
 * Whether it can be told which claims of a contributor are in doubt for good: only when a receipt was earned
 * under the inputs that its newest run had. Before that, what was not seen may merely not have been looked
 * at.
 */
export async function canDecideDoubt(sql: Sql, key: ContributorKey): Promise<boolean> {
  const { epoch } = await readClaimState(sql, key)
  return (await findPresentReceipt(sql, key, epoch)) !== undefined
}

/**
 * Leaves out the cells that the run could not read that earned the receipt, and what a run under way has
 * seen. Nobody has kept whether ids are bound to a region, so what is missing here may have moved to where
 * nothing could be read. What runs see is read before the state into which their ends fold it, so that
 * nothing falls in between.
 */
async function chooseInDoubt(
  sql: Sql,
  key: ContributorKey,
  { claims, named }: { readonly claims: Claims; readonly named: readonly StoredCell[] },
): Promise<ChosenClaims> {
  const seen = await readUnfolded(sql, key)
  const state = await readClaimState(sql, key)
  const receipt = await findPresentReceipt(sql, key, state.epoch)
  if (receipt === undefined) return { slots: [], cells: [] }
  const failures = (await listFailuresOf(sql, key, receipt.jobId)).map(withoutRegion)
  const read = named.filter((cell) => !failures.some((failure) => isNamed(cell, failure)))
  const isInDoubt = inDoubt(claims, state)
  const slots = slotsIn(claims, read, (at) => isInDoubt(at) && !seen.has(claims.slots[at] ?? 0))
  const chosen = new Set(slots)
  const emptied = new Set<number>()
  for (let at = 0; at < claims.slots.length; at++)
    if (chosen.has(claims.slots[at] ?? 0)) emptied.add(cellAt(claims, at))
  // Also what was empty before, where the run has not listed it: it is not asked for any more.
  const isForgotten = ({ cell, claims: count, receiptSeq }: StoredCell) =>
    emptied.has(cell) || (count === 0 && receipt.withheld > 0 && receiptSeq !== receipt.taskSeq)
  return { slots, cells: read.filter(isForgotten).map(({ cell }) => cell) }
}

/** The slots of the claims in these cells. */
function slotsIn(
  claims: Claims,
  cells: readonly StoredCell[],
  isChosen: (at: number) => boolean = () => true,
): readonly number[] {
  const wanted = new Set(cells.map(({ cell }) => cell))
  const isWanted = claims.cells.map((cell) => wanted.has(cell))
  const slots: number[] = []
  for (let at = 0; at < claims.slots.length; at++)
    if (isWanted[claims.places[at] ?? 0] && isChosen(at)) slots.push(claims.slots[at] ?? 0)
  return slots
}
