import { cellsAmong, listClaims } from '../../inventory/write/index.ts'
import type { Sql } from '../../storage/index.ts'
import { readClaimState } from '../sql/claim-state.ts'
import { listUnseenKinds } from '../sql/unseen-kinds.ts'

/**
 * The cells of kinds that a contributor has told of under its present options, and no more since the plugin
 * version or the secret changed, by contributor and cell: whatever the reason, nothing is missed there
 * (semantics 2.4). Looks through the claims only of contributors that have a kind of which nothing was seen.
 */
export async function findVanishedKinds(
  sql: Sql,
  domainId: string,
  contributorIds: readonly number[],
): Promise<(contributorId: number, cell: number) => boolean> {
  const vanished = new Map<number, ReadonlySet<number>>()
  const unseen = await listUnseenKinds(sql, domainId, contributorIds)
  for (const [contributorId, kinds] of Map.groupBy(unseen, (each) => each.contributorId)) {
    const key = { domainId, contributorId }
    const { inScope } = await readClaimState(sql, key)
    const asked = cellsAmong(await listClaims(sql, domainId, contributorId), inScope)
    const gone = kinds.filter((kind) => kind.cells.some((cell) => asked.has(cell)))
    vanished.set(contributorId, new Set(gone.flatMap((kind) => kind.cells)))
  }
  return (contributorId, cell) => vanished.get(contributorId)?.has(cell) ?? false
}
