import type { CellName } from '../cells.ts'
import type { Acceptance } from './acceptance.ts'
import { nameKey } from './gap-causes.ts'

/** Stands for all cells: a run proved nothing about any of them. */
export const ALL_CELLS = 2_147_483_647

/** What a run has not listed completely, and who accepts that. */
export type RunGap = {
  readonly name: CellName
  /** False for what only a failure names. */
  readonly isKnown: boolean
  readonly by: string | undefined
}

/** One that is accepted. */
export type AcceptedGap = RunGap & { readonly by: string }

/** Gaps of one acceptance that a run has closed, and how many of it are left. */
type ClosedGaps = {
  readonly acceptanceId: string
  /** Kind that the acceptance is about, as much of it as it names. */
  readonly kind: string
  readonly closed: number
  readonly left: number
}

export type WeighedGaps = {
  /**
   * How many known cells were left out that nobody accepts; `ALL_CELLS` where nothing was proven and not all
   * of it is accepted.
   */
  readonly notAccepted: number
  readonly accepted: readonly AcceptedGap[]
  readonly closed: readonly ClosedGaps[]
}

type WeighInput = {
  /** How many of the known cells were left out; `ALL_CELLS` where nothing was proven. */
  readonly leftOut: number
  readonly acceptedBefore: readonly AcceptedGap[]
  readonly gaps: readonly RunGap[]
  readonly known: readonly CellName[]
  readonly acceptances: readonly Pick<Acceptance, 'acceptanceId' | 'name'>[]
}

/**
 * Tells the gaps of a run apart by whether they are accepted, and which of those that were accepted before it
 * has closed. A run that proved nothing closes none. Neither does a retirement, after which the cell is known
 * no longer, and of an acceptance that holds no longer nothing is told. Pure.
 */
export function weighGaps({ leftOut, acceptedBefore, gaps, known, acceptances }: WeighInput): WeighedGaps {
  const isNothingProven = leftOut === ALL_CELLS
  const inForce = new Map(acceptances.map((each) => [each.acceptanceId, each]))
  const left = new Set(gaps.map(({ name }) => nameKey(name)))
  const gone = acceptedBefore.filter(({ name, by }) => inForce.has(by) && !left.has(nameKey(name)))
  const names = new Set(known.map(nameKey))
  const closed = isNothingProven
    ? []
    : gone.filter(({ name, isKnown }) => !isKnown || names.has(nameKey(name)))
  const accepted = [...gaps.filter(isAccepted), ...(isNothingProven ? gone : [])]
  return {
    notAccepted: countOthers(gaps, isNothingProven),
    accepted,
    closed: [...Map.groupBy(closed, ({ by }) => by)].map(([acceptanceId, those]) => ({
      acceptanceId,
      kind: kindOf(inForce.get(acceptanceId)?.name),
      closed: those.length,
      left: accepted.filter(({ by }) => by === acceptanceId).length,
    })),
  }
}

function isAccepted(gap: RunGap): gap is AcceptedGap {
  return gap.by !== undefined
}

function countOthers(gaps: readonly RunGap[], isNothingProven: boolean): number {
  const others = gaps.filter((gap) => !isAccepted(gap))
  if (isNothingProven) return others.length > 0 ? ALL_CELLS : 0
  return others.filter(({ isKnown }) => isKnown).length
}

function kindOf(name: CellName | undefined): string {
  const parts = [name?.provider, name?.cloudServiceGroup, name?.cloudServiceType]
  return parts.filter((part) => part !== undefined && part !== '').join('/')
}
