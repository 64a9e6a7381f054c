import type { Transaction } from '../../storage/index.ts'
import { type CellName, NO_NAME } from '../cells.ts'
import { listInForce } from '../sql/acceptances.ts'
import { listCells } from '../sql/cells.ts'
import type { ContributorKey } from '../sql/claim-state.ts'
import { acceptingBy } from './accepted-by.ts'
import { causesIn, nameOnly, unseenNames } from './gap-causes.ts'
import { readRunCauses } from './run-causes.ts'
import { type AcceptedGap, ALL_CELLS, type RunGap, type WeighedGaps, weighGaps } from './weigh-gaps.ts'

/** A run that meant to read everything and is just ending. */
type EndingRun = ContributorKey & {
  readonly taskSeq: number
  readonly collectorId: string
  readonly secretId: string
  /** How many of the known cells it did not list completely; `ALL_CELLS` where it proved nothing. */
  readonly leftOut: number
  /** What the run before it left, as far as it was accepted. */
  readonly acceptedBefore: readonly AcceptedGap[]
}

/** Reads what is accepted of what a run has left out, and which accepted gaps it has closed. */
export async function weighRun(tx: Transaction, run: EndingRun): Promise<WeighedGaps> {
  const { leftOut, acceptedBefore } = run
  const acceptances = await listInForce(tx, run)
  const known = await listCells(tx, run)
  const causes = (await readRunCauses(tx, run.domainId, [run])).get(run.contributorId) ?? []
  const unlisted = known.filter(({ receiptSeq }) => isLeftOut(run, receiptSeq))
  const listed = known.filter(({ receiptSeq }) => !isLeftOut(run, receiptSeq))
  const unseen = unseenNames(causes, known)
  const nothing = leftOut === ALL_CELLS && known.length + unseen.length === 0 ? [NO_NAME] : []
  const causesOf = causesIn({ failures: causes, known, listed })
  const acceptedBy = acceptingBy(acceptances)
  const toGap = (cell: CellName, isKnown: boolean): RunGap => {
    const [by] = acceptedBy({ ...run, cell, causes: causesOf(cell) })
    return { name: nameOnly(cell), isKnown, by }
  }
  const gaps = [
    ...unlisted.map((cell) => toGap(cell, true)),
    ...[...unseen, ...nothing].map((name) => toGap(name, false)),
  ]
  return weighGaps({ leftOut, acceptedBefore, gaps, known, acceptances })
}

/** A receipt that does not cover all known cells dates those that it covers. */
function isLeftOut({ leftOut, taskSeq }: EndingRun, receiptSeq: number | null): boolean {
  if (leftOut === 0) return false
  return leftOut === ALL_CELLS || receiptSeq !== taskSeq
}
