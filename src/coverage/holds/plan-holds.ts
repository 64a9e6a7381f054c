import type { Cell } from '../../inventory/index.ts'
import { type Claims, cellAt } from '../../inventory/write/index.ts'
import { type KnownCells, NO_NAME } from '../cells.ts'
import type { CellCount } from '../settle/count-misses.ts'

/** From the widest to the narrowest: claims are held by the widest scope that would lose too much. */
const SCOPES = ['task', 'account', 'region', 'kind', 'cell'] as const
type HoldScope = (typeof SCOPES)[number]

/**
 * Claims that are not to end without a decision. `emptied`: the run saw nothing at all of their cell. `many`:
 * more than half, and more than ten, of what is known in the scope would end at once.
 */
export type PlannedHold = {
  readonly reason: 'emptied' | 'many'
  readonly scope: HoldScope
  /** Names the scope; fields that it is not about are empty. */
  readonly name: Cell
  readonly slots: readonly number[]
  readonly ofClaims: number
}

/** Claims that end, and those that are held back, each in one hold. */
export type EndPlan = { readonly ends: readonly number[]; readonly holds: readonly PlannedHold[] }

const MANY = 10

type HoldInput = {
  readonly claims: Claims
  /** Places in `claims` that are due. */
  readonly due: readonly number[]
  readonly cells: KnownCells
  readonly counts: ReadonlyMap<number, CellCount>
}

/** Decides which of the claims that are due end, and which are held (semantics 2.6). Pure. */
export function planHolds({ claims, due, cells, counts }: HoldInput): EndPlan {
  const holds: PlannedHold[] = []
  let open = due.map((at) => ({ slot: claims.slots[at] ?? 0, cell: cellAt(claims, at) }))
  for (const scope of SCOPES) {
    const totals = totalsOf(scope, cells, counts)
    const groups = Map.groupBy(open, ({ cell }) => keyOf(scope, cell, cells))
    for (const [key, group] of groups) {
      const total = totals.get(key) ?? group.length
      if (group.length <= MANY || group.length * 2 <= total) continue
      holds.push(toHold('many', scope, group, { cells, ofClaims: total }))
      const held = new Set(group)
      open = open.filter((each) => !held.has(each))
    }
  }
  for (const [cell, group] of Map.groupBy(open, (each) => each.cell)) {
    const count = counts.get(cell)
    if (count === undefined || count.seen > 0) continue
    holds.push(toHold('emptied', 'cell', group, { cells, ofClaims: count.claims }))
    open = open.filter((each) => each.cell !== cell)
  }
  return { ends: open.map(({ slot }) => slot), holds }
}

type Due = { readonly slot: number; readonly cell: number }

function toHold(
  reason: PlannedHold['reason'],
  scope: HoldScope,
  group: readonly Due[],
  { cells, ofClaims }: { readonly cells: KnownCells; readonly ofClaims: number },
): PlannedHold {
  const name = nameOf(scope, cells.get(group[0]?.cell ?? 0) ?? NO_NAME)
  return { reason, scope, name, slots: group.map(({ slot }) => slot), ofClaims }
}

function totalsOf(
  scope: HoldScope,
  cells: KnownCells,
  counts: ReadonlyMap<number, CellCount>,
): ReadonlyMap<string, number> {
  const totals = new Map<string, number>()
  for (const [cell, { claims }] of counts) {
    const key = keyOf(scope, cell, cells)
    totals.set(key, (totals.get(key) ?? 0) + claims)
  }
  return totals
}

function keyOf(scope: HoldScope, cell: number, cells: KnownCells): string {
  return scope === 'cell' ? String(cell) : JSON.stringify(nameOf(scope, cells.get(cell) ?? NO_NAME))
}

function nameOf(scope: HoldScope, cell: Cell): Cell {
  const { provider, cloudServiceGroup, cloudServiceType, account, regionCode } = cell
  switch (scope) {
    case 'task':
      return NO_NAME
    case 'account':
      return { ...NO_NAME, provider, account }
    case 'region':
      return { ...NO_NAME, provider, regionCode }
    case 'kind':
      return { ...NO_NAME, provider, cloudServiceGroup, cloudServiceType }
    case 'cell':
      return cell
  }
}
