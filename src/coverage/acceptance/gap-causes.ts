import type { FailureClass } from '../../inventory/index.ts'
import { type CellName, isEmptyName, isNamed, NAME_KEYS, withoutRegion } from '../cells.ts'

/** A failure that may have kept cells from being listed; with an empty name it is about everything. */
export type GapCause = CellName & { readonly class: FailureClass }

/**
 * Which of the failures of a run have kept a cell from being listed. Those that name it explain it. Where none does, it may
 * be any that names its kind in another region, to where what is missing here may have moved, or that names nothing known,
 * and so withholds everything. Whether ids are bound to a region, and which scopes the plugin has opened, is not kept:
 * so there may be more causes among them than there were, and never fewer. Pure.
 */
export function causesIn(
  failures: readonly GapCause[],
  known: readonly CellName[],
): (cell: CellName) => readonly GapCause[] {
  const ofAll = failures.filter(
    (failure) => isEmptyName(withoutRegion(failure)) || !known.some((cell) => isNamed(cell, failure)),
  )
  return (cell) => {
    // A cell that is itself only named by failures is explained by those of the same name, and may stand for more than one.
    const own = failures.filter((failure) => !isEmptyName(failure) && isNamed(cell, failure))
    if (own.length > 0) return own
    const elsewhere = failures.filter((failure) => isNamed(cell, withoutRegion(failure)))
    return [...new Set([...elsewhere, ...ofAll])]
  }
}

/** What failures name that is among no known cells, each name once: cells that nobody has ever seen. Pure. */
export function unseenNames(failures: readonly CellName[], known: readonly CellName[]): readonly CellName[] {
  const names = failures
    .filter((failure) => !isEmptyName(failure) && !known.some((cell) => isNamed(cell, failure)))
    .map(nameOnly)
  return [...new Map(names.map((name) => [nameKey(name), name])).values()]
}

/** A name alone, without what else is known. */
export function nameOnly({
  provider,
  cloudServiceGroup,
  cloudServiceType,
  account,
  regionCode,
}: CellName): CellName {
  return { provider, cloudServiceGroup, cloudServiceType, account, regionCode }
}

/** Equal for equal names. */
export function nameKey(name: CellName): string {
  return JSON.stringify(NAME_KEYS.map((key) => name[key]))
}
