import type { Cell } from '../../inventory/index.ts'
import { type CellName, isEmptyName, isNamed, type KnownCells, withoutRegion } from '../cells.ts'
import type { Grade } from '../settings.ts'

/** What a plugin says about the completeness of what it read. */
export type Declaration = {
  /** The ids of its resources are bound to a region: what is missing in one cannot have moved to another. */
  readonly isRegionBound: boolean
  /**
   * Scopes it has listed completely; undefined when it says nothing, so that only the end of the stream
   * speaks.
   */
  readonly complete: readonly CellName[] | undefined
  /** Scopes it began to list and did not complete. */
  readonly unfinished: readonly CellName[]
}

/** Which cells a receipt covers, and how well. */
export type Covered = ReadonlyMap<number, Grade>

type CoverageInput = {
  readonly cells: KnownCells
  /** Every task of the contributor in the job was read to its end with status OK. */
  readonly isComplete: boolean
  /** What could not be read or stored. */
  readonly failures: readonly CellName[]
  readonly declaration: Declaration
}

/**
 * Which of the known cells were listed completely. A failure withholds the cells it names; one that names
 * nothing, or nothing that is known, withholds all, because nobody can tell what it meant. A scope that the
 * plugin has opened is known although nothing was ever seen there: what may never be read withholds nothing
 * else. Unless ids are bound to a region, a resource that is missing here may have moved to where nothing
 * could be read: there the region of a failure does not count, and scopes of single regions count for a kind
 * of an account only when all its regions are declared. Pure.
 */
export function coveredCells({ cells, isComplete, failures, declaration }: CoverageInput): Covered {
  const { isRegionBound, complete, unfinished } = declaration
  const names = failures.map((name) => (isRegionBound ? name : withoutRegion(name)))
  const known = [...cells.values(), ...(complete ?? []), ...unfinished]
  if (names.some((name) => isEmptyName(name) || !known.some((cell) => isNamed(cell, name)))) return new Map()

  const isDeclared = (cell: Cell) => complete?.some((name) => isNamed(cell, name)) ?? false
  const undeclared = new Set(
    isRegionBound ? [] : [...cells.values()].filter((cell) => !isDeclared(cell)).map(kindKey),
  )
  const covered = new Map<number, Grade>()
  for (const [number, cell] of cells) {
    if (names.some((name) => isNamed(cell, name))) continue
    if (isDeclared(cell) && !undeclared.has(kindKey(cell))) covered.set(number, 'declared')
    else if (isComplete && complete === undefined) covered.set(number, 'derived')
  }
  return covered
}

/** A kind of one account, in whatever region. */
function kindKey({ provider, cloudServiceGroup, cloudServiceType, account }: Cell): string {
  return JSON.stringify([provider, cloudServiceGroup, cloudServiceType, account])
}
