import { type Claims, cellAt, cellsAmong } from '../../inventory/write/index.ts'
import type { ClaimState } from '../claim-state.ts'

/**
 * Which claims, by their place in `claims`, no run can miss, so that they are of unknown presence: those that
 * were never seen under these options, and those that were, but not yet by this plugin version or with this
 * secret, where these have seen nothing of their cell (semantics 2.4). The cells are looked through when they
 * are first needed. Pure.
 */
export function inDoubt(
  claims: Claims,
  { inEpoch, inScope }: Pick<ClaimState, 'inEpoch' | 'inScope'>,
): (at: number) => boolean {
  let seenCells: ReadonlySet<number> | undefined
  return (at) => {
    const slot = claims.slots[at] ?? 0
    if (inEpoch.has(slot)) return false
    if (!inScope.has(slot)) return true
    seenCells ??= cellsAmong(claims, inEpoch)
    return !seenCells.has(cellAt(claims, at))
  }
}
