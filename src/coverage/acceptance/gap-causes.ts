import type { FailureClass } from '../../inventory/index.ts'
import { type CellName, isEmptyName, NAME_KEYS, withoutRegion } from '../cells.ts'
import { indexCells, indexNames } from '../name-index.ts'

/** A failure that may have kept cells from being listed; with an empty name it is about everything. */
export type GapCause = CellName & { readonly class: FailureClass }

/** What a run has left behind it. */
export type RunOutcome = {
  readonly failures: readonly GapCause[]
  /** All cells that are known. */
  readonly known: readonly CellName[]
  /** Those of them that it has listed completely. */
  readonly listed: readonly CellName[]
}

/**
 * Which of the failures of a run have kept a cell from being listed. Those that name it explain it. Where none does, it may
 * be any that names its kind in another region, to where what is missing here may have moved, or that names nothing known,
 * and so withholds everything; but neither where the run has listed what such a failure would have withheld. What is left without
 * a cause was not declared by the plugin. Whether ids are bound to a region, and which scopes the plugin has opened, is not kept:
 * so there may be more causes among them than there were. Pure.
 */
export function causesIn({ failures, known, listed }: RunOutcome): (cell: CellName) => readonly GapCause[] {
  const [isKnown, isListed] = [indexCells(known), indexCells(listed)]
  const causes = once(failures)
  // What names nothing withholds all, unless it is a part that was not read to its end: what others declare counts beside it.
  const isOfAll = (cause: GapCause) =>
    isEmptyName(cause) || (listed.length === 0 && (isEmptyName(withoutRegion(cause)) || !isKnown(cause)))
  const ofAll = causes.filter(isOfAll)
  const isRegionBound = causes.some((cause) => cause.regionCode !== '' && isListed(withoutRegion(cause)))
  const naming = indexNames(
    causes.filter((cause) => !isEmptyName(cause)),
    nameOnly,
  )
  const namingKind = indexNames(causes, withoutRegion)
  return (cell) => {
    // A cell that is itself only named by failures is explained by those of the same name, and may stand for more than one.
    const own = naming(cell)
    if (own.length > 0) return own
    return [...new Set([...(isRegionBound ? [] : namingKind(cell)), ...ofAll])]
  }
}

/** Causes of one name and class are one. */
function once(causes: readonly GapCause[]): readonly GapCause[] {
  return [...new Map(causes.map((cause) => [`${cause.class} ${nameKey(cause)}`, cause])).values()]
}

/** What failures name that is among no known cells, each name once: cells that nobody has ever seen. Pure. */
export function unseenNames(failures: readonly CellName[], known: readonly CellName[]): readonly CellName[] {
  const isKnown = indexCells(known)
  const names = failures.filter((failure) => !isEmptyName(failure) && !isKnown(failure)).map(nameOnly)
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
