import type { CellName } from '../cells.ts'
import { indexNames } from '../name-index.ts'
import type { Acceptance } from './acceptance.ts'
import type { GapCause } from './gap-causes.ts'

/** A cell that is not complete, and why. */
export type Gap = {
  readonly collectorId: string
  readonly secretId: string
  readonly cell: CellName
  /**
   * What kept it from being listed; empty where it was no failure: it is stale, say, or nobody looks any
   * more.
   */
  readonly causes: readonly GapCause[]
}

/**
 * Tells the ids of the acceptances that account for a gap; none when any of its causes is not accepted. A cause is accepted for a
 * cell that an acceptance means, and for all cells where the acceptance means what the failure names: a region that is
 * accepted as forbidden takes nothing from the regions beside it, though they are no proof without it. What is no failure is
 * accepted only by those that accept any gap. The first in the order given that fits is taken. There may be a thousand acceptances and
 * a hundred thousand gaps: no gap is compared with each. Pure.
 */
export function acceptingBy(acceptances: readonly Acceptance[]): (gap: Gap) => readonly string[] {
  const byCollector = new Map(
    [...Map.groupBy(acceptances, ({ collectorId }) => collectorId)].map(([id, own]) => [
      id,
      ofCollector(own),
    ]),
  )
  return (gap) => byCollector.get(gap.collectorId)?.(gap) ?? []
}

function ofCollector(acceptances: readonly Acceptance[]): (gap: Gap) => readonly string[] {
  const meaning = indexNames(acceptances, ({ name }) => name)
  const places = new Map(acceptances.map((each, place) => [each, place]))
  const placeOf = (each: Acceptance) => places.get(each) ?? acceptances.length
  // Gaps of one run share their causes.
  const meaningCause = new Map<GapCause, readonly Acceptance[]>()
  const meaningOf = (cause: GapCause) => {
    const found = meaningCause.get(cause) ?? meaning(cause)
    meaningCause.set(cause, found)
    return found
  }
  return ({ secretId, cell, causes }) => {
    const isOfSecret = (each: Acceptance) => each.secretId === '' || each.secretId === secretId
    const ofCell = meaning(cell).filter(isOfSecret)
    if (causes.length === 0) {
      const any = ofCell.find(({ classes }) => classes.length === 0)
      return any === undefined ? [] : [any.acceptanceId]
    }
    const ids = new Set<string>()
    for (const cause of causes) {
      const accepts = (each: Acceptance) => isOfClass(each, cause) && isOfSecret(each)
      const first = earlier(ofCell.find(accepts), meaningOf(cause).find(accepts))
      if (first === undefined) return []
      ids.add(first.acceptanceId)
    }
    return [...ids]
  }

  function earlier(a: Acceptance | undefined, b: Acceptance | undefined): Acceptance | undefined {
    if (a === undefined || b === undefined) return a ?? b
    return placeOf(a) <= placeOf(b) ? a : b
  }
}

function isOfClass({ classes }: Acceptance, cause: GapCause): boolean {
  return classes.length === 0 || classes.includes(cause.class)
}
