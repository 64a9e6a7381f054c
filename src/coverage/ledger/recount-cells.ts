import { cellAt, listClaims } from '../../inventory/write/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { inDoubt } from '../settle/in-doubt.ts'
import { insertCells, updateCells } from '../sql/cells.ts'
import { type ContributorKey, lockClaimState } from '../sql/claim-state.ts'
import { listOpenHolds } from '../sql/holds.ts'
import { knowCells } from './know-cells.ts'

/** Brings the numbers of a contributor's cells up to date after a call has ended or given back claims. */
export async function recountCells(tx: Transaction, key: ContributorKey): Promise<void> {
  const state = await lockClaimState(tx, key)
  const claims = await listClaims(tx, key.domainId, key.contributorId)
  const { cells, fresh } = await knowCells(tx, key, claims)
  const held = new Set((await listOpenHolds(tx, key)).flatMap(({ slots }) => slots))
  const isInDoubt = inDoubt(claims, state)
  const counts = new Map(
    [...cells.keys()].map((cell) => [cell, { claims: 0, missed: 0, held: 0, unknown: 0 }]),
  )
  for (let at = 0; at < claims.slots.length; at++) {
    const slot = claims.slots[at] ?? 0
    const count = counts.get(cellAt(claims, at))
    if (count === undefined) continue
    count.claims++
    if (state.missed[0]?.has(slot)) count.missed++
    if (held.has(slot)) count.held++
    if (isInDoubt(at)) count.unknown++
  }
  await insertCells(tx, key, fresh)
  await updateCells(
    tx,
    key,
    [...counts].map(([cell, count]) => ({ cell, ...count })),
  )
}
