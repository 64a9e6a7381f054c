import type { Sql } from '../../storage/index.ts'
import { type CellName, isEmptyName, NO_NAME } from '../cells.ts'
import type { LedgerEntry } from '../ledger/read-ledger.ts'
import { listInForce } from '../sql/acceptances.ts'
import { listLedgerCells } from '../sql/ledger.ts'
import { acceptingBy, type Gap } from './accepted-by.ts'
import { causesIn, type GapCause } from './gap-causes.ts'
import { readRunCauses } from './run-causes.ts'

type Query = { readonly domainId: string; readonly collectorId: string; readonly name: CellName }

/** Notes at each line of the ledger who accepts its gap. Where nothing is accepted it costs one statement. */
export async function markAccepted(
  sql: Sql,
  query: Query,
  lines: readonly LedgerEntry[],
): Promise<readonly LedgerEntry[]> {
  const acceptances = await listInForce(sql, query)
  if (acceptances.length === 0) return lines
  const collectors = new Set(acceptances.map(({ collectorId }) => collectorId))
  const gaps = lines.filter(
    ({ status, contributor }) => isGap(status.state) && collectors.has(contributor.collectorId),
  )
  if (gaps.length === 0) return lines
  const causesOf = await readCauses(sql, query, { gaps, lines })
  const acceptedBy = acceptingBy(acceptances)
  const marked = new Map(gaps.map((line) => [line, acceptedBy(toGap(line, causesOf))]))
  return lines.map((line) => ({ ...line, acceptanceIds: marked.get(line) ?? [] }))
}

/** What is held is no gap that could be accepted: somebody has to decide about it. */
function isGap(state: string): boolean {
  return state !== 'complete' && state !== 'held'
}

type CausesOf = (line: LedgerEntry) => readonly GapCause[]

function toGap(line: LedgerEntry, causesOf: CausesOf): Gap {
  const { collectorId, secretId } = line.contributor
  return { collectorId, secretId, cell: line.cell, causes: line.status.isUnlisted ? causesOf(line) : [] }
}

async function readCauses(
  sql: Sql,
  { domainId, name }: Query,
  { gaps, lines }: { readonly gaps: readonly LedgerEntry[]; readonly lines: readonly LedgerEntry[] },
): Promise<CausesOf> {
  const contributors = [...new Set(gaps.map(({ contributor }) => contributor))]
  const runs = contributors.flatMap(({ contributorId, newestSeq: taskSeq }) =>
    taskSeq === null ? [] : [{ contributorId, taskSeq }],
  )
  const causes = await readRunCauses(sql, domainId, runs)
  const contributorIds = runs.map(({ contributorId }) => contributorId)
  // Whether a failure names nothing known, all cells decide, and not those alone that are asked for.
  const cells = isEmptyName(name)
    ? lines.filter(({ isKnown }) => isKnown).map(({ cell }) => cell)
    : await listLedgerCells(sql, { domainId, contributorIds, name: NO_NAME })
  const known = Map.groupBy(cells, ({ contributorId }) => contributorId)
  const causesBy = new Map(
    runs.map(({ contributorId: id, taskSeq }) => {
      const own = known.get(id) ?? []
      const listed = own.filter(({ receiptSeq }) => receiptSeq !== null && receiptSeq >= taskSeq)
      return [id, causesIn({ failures: causes.get(id) ?? [], known: own, listed })]
    }),
  )
  return ({ contributor, cell }) => causesBy.get(contributor.contributorId)?.(cell) ?? []
}
