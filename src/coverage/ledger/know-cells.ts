import { type Claims, countByCell } from '../../inventory/write/index.ts'
import type { Sql, Transaction } from '../../storage/index.ts'
import { insertCells, listCells, nameCells, type StoredCell, updateCells } from '../sql/cells.ts'
import type { ContributorKey } from '../sql/claim-state.ts'

/** Cells by number, and those of them that have no row yet. */
export type CellList = {
  readonly cells: ReadonlyMap<number, StoredCell>
  readonly fresh: readonly StoredCell[]
}

/**
 * Reads the cells of a contributor; those that its claims have brought since are named by one claim in each.
 */
export async function knowCells(sql: Sql, key: ContributorKey, claims: Claims): Promise<CellList> {
  const cells = new Map((await listCells(sql, key)).map((cell) => [cell.cell, cell]))
  const fresh = await nameCells(sql, key, slotsOfUnknown(claims, cells))
  for (const cell of fresh) cells.set(cell.cell, cell)
  return { cells, fresh }
}

/** Brings the cells and their numbers of claims up to date after a run that judged nothing. */
export async function refreshCells(tx: Transaction, key: ContributorKey, claims: Claims): Promise<void> {
  const { cells, fresh } = await knowCells(tx, key, claims)
  const counts = countByCell(claims)
  await insertCells(tx, key, fresh)
  const changed = [...cells.values()].filter(({ cell, claims: stored }) => stored !== (counts.get(cell) ?? 0))
  await updateCells(
    tx,
    key,
    changed.map((cell) => ({ ...cell, claims: counts.get(cell.cell) ?? 0 })),
  )
}

function slotsOfUnknown(
  { slots, places, cells }: Claims,
  known: ReadonlyMap<number, unknown>,
): readonly number[] {
  const isUnknown = cells.map((cell) => !known.has(cell))
  if (!isUnknown.includes(true)) return []
  const found: number[] = []
  for (let at = 0; at < slots.length; at++) {
    const place = places[at] ?? 0
    if (!isUnknown[place]) continue
    isUnknown[place] = false
    found.push(slots[at] ?? 0)
  }
  return found
}
