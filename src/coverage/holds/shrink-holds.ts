import { listClaims } from '../../inventory/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { type ContributorKey, lockClaimState } from '../sql/claim-state.ts'
import { endHolds, keepInHold, listOpenHolds } from '../sql/holds.ts'

/**
 * Takes claims that are no more out of the open holds of a contributor, after somebody's call has ended them;
 * a hold that keeps nothing is released by it. A run does the same by itself, but of what was retired there
 * may be none.
 */
export async function shrinkHolds(
  tx: Transaction,
  key: ContributorKey,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<void> {
  await lockClaimState(tx, key)
  const open = await listOpenHolds(tx, key)
  if (open.length === 0) return
  const live = new Set((await listClaims(tx, key.domainId, key.contributorId)).slots)
  const rest = open.map((hold) => ({ ...hold, slots: hold.slots.filter((slot) => live.has(slot)) }))
  const emptied = rest.filter(({ slots }) => slots.length === 0)
  await endHolds(tx, key, { holds: emptied, state: 'released', by, at, taskSeq: null })
  for (const hold of rest) if (hold.slots.length > 0) await keepInHold(tx, key, hold)
}
