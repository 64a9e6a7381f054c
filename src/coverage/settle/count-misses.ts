import { type Claims, cellAt, SlotSet } from '../../inventory/write/index.ts'
import type { KnownCells } from '../cells.ts'
import type { ClaimState } from '../claim-state.ts'
import { MISSES_NEEDED } from '../settings.ts'
import type { Covered } from './covered-cells.ts'
import { inDoubt } from './in-doubt.ts'

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

type MissInput = {
  readonly claims: Claims
  readonly cells: KnownCells
  readonly state: ClaimState
  readonly seen: SlotSet
  readonly covered: Covered
  /** Whether the receipt counts; one that comes too soon after the last adds nothing. */
  readonly isCounted: boolean
}

/**
 * Counts misses under one receipt, raising the levels of `state`. Claims outside the covered cells keep what
 * they have, and claims that are in doubt cannot be missed. Where the run saw something of the cell, only
 * misses beside which others did so as well are enough: a list that came empty may have failed without a
 * word, and a newcomer proves nothing about the runs before it.
 */
export function countMisses({ claims, cells, state, seen, covered, isCounted }: MissInput): MissCount {
  const { counts, unseen } = countSeen(claims, cells, seen)
  const isInDoubt = inDoubt(claims, state)
  const missed = new SlotSet()
  const due: number[] = []
  let newlyMissed = 0
  for (const at of unseen) {
    const slot = claims.slots[at] ?? 0
    const cell = cellAt(claims, at)
    const count = counts.get(cell) ?? emptyCount()
    const isMissable = !isInDoubt(at)
    if (!isMissable) count.unknown++
    const grade = covered.get(cell)
    if (isMissable && grade !== undefined && isCounted) {
      missed.add(slot)
      if (raise(state.missed, slot) === 1) newlyMissed++
      if (count.seen > 0) raise(state.witnessed, slot)
    }
    if (!hasMisses(state.missed, slot, 1)) continue
    count.missed++
    const levels = count.seen > 0 ? state.witnessed : state.missed
    if (grade !== undefined && isMissable && hasMisses(levels, slot, MISSES_NEEDED[grade])) due.push(at)
  }
  return { cells: counts, missed, newlyMissed, due }
}

/** How many of each cell were seen, and the places of the claims that were not. */
function countSeen(
  { slots, places, cells }: Claims,
  known: KnownCells,
  seen: SlotSet,
): { readonly counts: ReadonlyMap<number, CellCount>; readonly unseen: readonly number[] } {
  const claimsIn = new Uint32Array(cells.length)
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? 0
    claimsIn[place] = (claimsIn[place] ?? 0) + 1
  }
  const unseen = seen.placesOfOthers(slots)
  const unseenIn = new Uint32Array(cells.length)
  for (const at of unseen) unseenIn[places[at] ?? 0] = (unseenIn[places[at] ?? 0] ?? 0) + 1
  const counts = new Map<number, CellCount>([...known.keys()].map((cell) => [cell, emptyCount()]))
  for (const [place, cell] of cells.entries()) {
    const [claims = 0, unseenOfThem = 0] = [claimsIn[place], unseenIn[place]]
    if (claims > 0) counts.set(cell, { ...emptyCount(), claims, seen: claims - unseenOfThem })
  }
  return { counts, unseen }
}

function emptyCount(): CellCount {
  return { claims: 0, seen: 0, missed: 0, unknown: 0 }
}

function hasMisses(levels: readonly SlotSet[], slot: number, misses: number): boolean {
  return levels[misses - 1]?.has(slot) ?? false
}

/** One more miss; returns how many it has now, as far as they are counted. */
function raise(levels: readonly SlotSet[], slot: number): number {
  const at = levels.findIndex((level) => !level.has(slot))
  if (at < 0) return levels.length
  levels[at]?.add(slot)
  return at + 1
}
