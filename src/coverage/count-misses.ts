import { type Claims, SlotSet } from '../inventory/index.ts'
import type { KnownCells } from './cells.ts'
import type { ClaimState } from './claim-state.ts'
import type { Covered } from './covered-cells.ts'
import { MISSES_NEEDED } from './settings.ts'

/** What a run says about one cell. */
export type CellCount = { claims: number; seen: number; missed: number; unknown: number }

export type MissCount = {
  readonly cells: ReadonlyMap<number, CellCount>
  /** Claims that the receipt missed; empty when it is not counted. */
  readonly missed: SlotSet
  /** Of these, missed for the first time. */
  readonly newlyMissed: number
  /** Claims that were missed often enough to end: places in `claims`. */
  readonly due: readonly number[]
}

export type MissInput = {
  readonly claims: Claims
  readonly cells: KnownCells
  readonly state: ClaimState
  readonly seen: SlotSet
  readonly covered: Covered
  /** Whether the receipt counts; one that comes too soon after the last adds nothing. */
  readonly isCounted: boolean
}

/**
 * Counts misses under one receipt, raising the levels of `state`. Claims outside the covered cells keep what they
 * have. A claim that was never seen under these options cannot be missed. One that was, but not yet by this plugin
 * version or with this secret, can only where these have seen something of its cell (semantics 2.4).
 */
export function countMisses({ claims, cells, state, seen, covered, isCounted }: MissInput): MissCount {
  // Asked for only where something was not seen: an unchanged run goes over its claims once.
  let seenCells: ReadonlySet<number> | undefined
  const isSeenCell = (cell: number) => {
    seenCells ??= cellsOf(claims, state.inEpoch)
    return seenCells.has(cell)
  }
  const counts = new Map<number, CellCount>([...cells.keys()].map((cell) => [cell, emptyCount()]))
  const missed = new SlotSet()
  const due: number[] = []
  let newlyMissed = 0
  for (let at = 0; at < claims.slots.length; at++) {
    const slot = claims.slots[at] ?? 0
    const cell = claims.cells[at] ?? 0
    const count = counts.get(cell) ?? emptyCount()
    counts.set(cell, count)
    count.claims++
    if (seen.has(slot)) {
      count.seen++
      continue
    }
    const isMissable = state.inEpoch.has(slot) || (state.inScope.has(slot) && isSeenCell(cell))
    if (!isMissable) count.unknown++
    const grade = covered.get(cell)
    if (isMissable && grade !== undefined && isCounted) {
      missed.add(slot)
      if (raise(state, slot) === 1) newlyMissed++
    }
    if (!hasMisses(state, slot, 1)) continue
    count.missed++
    if (grade !== undefined && isMissable && hasMisses(state, slot, MISSES_NEEDED[grade])) due.push(at)
  }
  return { cells: counts, missed, newlyMissed, due }
}

function emptyCount(): CellCount {
  return { claims: 0, seen: 0, missed: 0, unknown: 0 }
}

function cellsOf({ slots, cells }: Claims, among: SlotSet): ReadonlySet<number> {
  const found = new Set<number>()
  for (let at = 0; at < slots.length; at++) if (among.has(slots[at] ?? 0)) found.add(cells[at] ?? 0)
  return found
}

function hasMisses(state: ClaimState, slot: number, misses: number): boolean {
  return state.missed[misses - 1]?.has(slot) ?? false
}

/** One more miss; returns how many it has now, as far as they are counted. */
function raise(state: ClaimState, slot: number): number {
  const at = state.missed.findIndex((level) => !level.has(slot))
  if (at < 0) return state.missed.length
  state.missed[at]?.add(slot)
  return at + 1
}
