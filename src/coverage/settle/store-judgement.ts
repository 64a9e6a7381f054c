import { cellAt } from '../../inventory/write/index.ts'
import type { Transaction } from '../../storage/index.ts'
import type { CellNumbers, StoredCell } from '../sql/cells.ts'
import { dateCells, insertCells, updateCells } from '../sql/cells.ts'
import { storeClaimState, storeCounted } from '../sql/claim-state.ts'
import { storeHolds } from '../sql/holds.ts'
import { insertReceipt } from '../sql/receipts.ts'
import type { Judgement } from './settle-run.ts'

/** Writes a judgement. The task comes first, as everybody locks it: what it forbids costs nothing more. */
export async function storeJudgement(tx: Transaction, judgement: Judgement): Promise<void> {
  const { run, state, covered, cellList, isRepeated, isCounted, misses, holds } = judgement
  await run.recordEvidence(tx, { disconnected: misses.newlyMissed, deleted: 0 })
  if (judgement.hasStateChanged) await storeClaimState(tx, run, state)
  else await storeCounted(tx, run, state)
  await storeHolds(tx, { ...run, epoch: state.epoch }, holds)
  await insertCells(tx, run, cellList.fresh)
  await updateCells(tx, run, changedNumbers(judgement))

  const withheld = cellList.cells.size - covered.size
  if (!judgement.isReceipt || isRepeated) return
  if (withheld > 0) {
    await dateCells(tx, run, { taskSeq: run.taskSeq, at: run.at, cells: [...covered.keys()] })
  }
  await insertReceipt(tx, run, {
    taskSeq: run.taskSeq,
    jobId: run.jobId,
    epoch: state.epoch,
    grade: [...covered.values()].includes('declared') ? 'declared' : 'derived',
    isCounted,
    cells: cellList.cells.size,
    withheld,
    missed: misses.missed,
    createdAt: run.at,
  })
}

function changedNumbers(judgement: Judgement): readonly CellNumbers[] {
  const ended = countBySlot(judgement, judgement.holds.ends)
  const held = countBySlot(
    judgement,
    [...judgement.holds.opened, ...judgement.holds.kept].flatMap(({ slots }) => slots),
  )
  return [...judgement.cellList.cells.values()].flatMap((stored) => {
    const count = judgement.misses.cells.get(stored.cell)
    const now: CellNumbers = {
      cell: stored.cell,
      claims: (count?.claims ?? 0) - (ended.get(stored.cell) ?? 0),
      missed: (count?.missed ?? 0) - (ended.get(stored.cell) ?? 0),
      unknown: count?.unknown ?? 0,
      held: held.get(stored.cell) ?? 0,
    }
    return isSame(stored, now) ? [] : [now]
  })
}

function isSame(stored: StoredCell, now: CellNumbers): boolean {
  const { claims, missed, unknown, held } = stored
  return claims === now.claims && missed === now.missed && unknown === now.unknown && held === now.held
}

/** How many of these slots each cell has. */
function countBySlot({ claims }: Judgement, slots: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  if (slots.length === 0) return counts
  const wanted = new Set(slots)
  for (let at = 0; at < claims.slots.length; at++) {
    if (!wanted.has(claims.slots[at] ?? -1)) continue
    const cell = cellAt(claims, at)
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
  }
  return counts
}
