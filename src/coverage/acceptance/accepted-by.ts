import { type CellName, isNamed } from '../cells.ts'
import type { Acceptance } from './acceptance.ts'
import type { GapCause } from './gap-causes.ts'

/** A cell that is not complete, and why. */
export type Gap = {
  readonly collectorId: string
  readonly secretId: string
  readonly cell: CellName
  /** What kept it from being listed; empty where it was no failure: it is stale, say, or nobody looks any more. */
  readonly causes: readonly GapCause[]
}

/**
 * The ids of the acceptances that account for a gap; none when any of its causes is not accepted. A cause is accepted for a
 * cell that an acceptance means, and for all cells where the acceptance means what the failure names: a region that is
 * accepted as forbidden takes nothing from the regions beside it, though they are no proof without it. What is no failure is
 * accepted only by those that accept any gap. The first in the order given that fits is taken. Pure.
 */
export function acceptedBy(gap: Gap, acceptances: readonly Acceptance[]): readonly string[] {
  const own = acceptances.filter(
    ({ collectorId, secretId }) =>
      collectorId === gap.collectorId && (secretId === '' || secretId === gap.secretId),
  )
  if (own.length === 0) return []
  const found =
    gap.causes.length === 0
      ? [own.find(({ name, classes }) => classes.length === 0 && isNamed(gap.cell, name))]
      : gap.causes.map((cause) => own.find((each) => accepts(each, gap.cell, cause)))
  const ids = found.flatMap((each) => each?.acceptanceId ?? [])
  return ids.length < found.length ? [] : [...new Set(ids)]
}

function accepts({ name, classes }: Acceptance, cell: CellName, cause: GapCause): boolean {
  if (classes.length > 0 && !classes.includes(cause.class)) return false
  return isNamed(cell, name) || isNamed(cause, name)
}
