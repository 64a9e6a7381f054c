import type { ContributorRow } from '../sql/ledger.ts'

/** Why a contributor is not going to look again, as far as its collector says so. */
export type Unwatched = {
  readonly isCollectorGone: boolean
  readonly isRetired: boolean
  /** Its collector uses this secret no longer. */
  readonly isDeselected: boolean
}

/** Why nobody looks any more, in a sentence; '' where somebody does. Pure. */
export function whyUnwatched({ isCollectorGone, isRetired, isDeselected }: Unwatched): string {
  if (isCollectorGone) return 'its collector was deleted, so nobody looks any more'
  if (isRetired) return 'it was retired, so nobody looks any more'
  if (isDeselected) return 'its collector uses this secret no longer, so nobody looks any more'
  return ''
}

export function unwatchedOf({ name, retiredAt, isSelected }: ContributorRow): Unwatched {
  return {
    isCollectorGone: name === null,
    isRetired: retiredAt !== null,
    isDeselected: name !== null && !isSelected,
  }
}
