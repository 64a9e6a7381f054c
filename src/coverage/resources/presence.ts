import type { SlotSet } from '../../inventory/index.ts'
import type { Sql } from '../../storage/index.ts'
import type { ClaimState } from '../claim-state.ts'
import { readClaimState } from '../sql/claim-state.ts'
import { listOpenHolds } from '../sql/holds.ts'

/** What is known of a claim: seen by the newest run, missed since, kept back, or never seen under the present inputs. */
export type Presence = 'seen' | 'missed' | 'held' | 'unknown'

/** The presence of a claim, from what is known of all of its contributor. Pure. */
export function presenceOf(
  slot: number,
  { missed, inEpoch, held }: Pick<ClaimState, 'missed' | 'inEpoch'> & { readonly held: Pick<SlotSet, 'has'> },
): Presence {
  if (held.has(slot)) return 'held'
  if (missed[0]?.has(slot) === true) return 'missed'
  return inEpoch.has(slot) ? 'seen' : 'unknown'
}

/** Reads what is known of the claims of these contributors: two statements for each, which are few. */
export async function readPresences(
  sql: Sql,
  domainId: string,
  contributorIds: Iterable<number>,
): Promise<(contributorId: number, slot: number) => Presence> {
  const known = new Map<number, Parameters<typeof presenceOf>[1]>()
  for (const contributorId of new Set(contributorIds)) {
    const key = { domainId, contributorId }
    const held = new Set((await listOpenHolds(sql, key)).flatMap(({ slots }) => slots))
    known.set(contributorId, { ...(await readClaimState(sql, key)), held })
  }
  return (contributorId, slot) => {
    const state = known.get(contributorId)
    return state === undefined ? 'unknown' : presenceOf(slot, state)
  }
}
