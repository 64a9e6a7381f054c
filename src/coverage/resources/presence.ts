import { listClaims } from '../../inventory/write/index.ts'
import type { Sql } from '../../storage/index.ts'
import type { ClaimState } from '../claim-state.ts'
import { inDoubt } from '../settle/in-doubt.ts'
import { type ContributorKey, readClaimState } from '../sql/claim-state.ts'
import { listOpenHolds } from '../sql/holds.ts'

/**
 * What is known of a claim: not missed since it was seen, missed since, kept back, or such that no run can
 * miss it.
 */
export type Presence = 'seen' | 'missed' | 'held' | 'unknown'

/** What is known of the claims of a contributor. */
type Known = Pick<ClaimState, 'missed' | 'inEpoch' | 'inScope'> & {
  readonly held: ReadonlySet<number>
  /**
   * Claims that were seen under these options and not yet in this epoch, and that no run can miss: nothing of
   * their cell was.
   */
  readonly inDoubt: ReadonlySet<number>
}

/** The presence of a claim, as the ledger counts it. Pure. */
function presenceOf(slot: number, { missed, inEpoch, inScope, held, inDoubt }: Known): Presence {
  if (held.has(slot)) return 'held'
  if (missed[0]?.has(slot) === true) return 'missed'
  if (inEpoch.has(slot)) return 'seen'
  return inScope.has(slot) && !inDoubt.has(slot) ? 'seen' : 'unknown'
}

/** A claim by its contributor and its place there. */
export type ClaimKey = { readonly contributorId: number; readonly slot: number }

/**
 * Reads what is known of these claims: two statements for each of their contributors, which are few, and one
 * more where the plugin version or the secret has changed and not all of them were seen since.
 */
export async function readPresences(
  sql: Sql,
  domainId: string,
  claims: readonly ClaimKey[],
): Promise<(claim: ClaimKey) => Presence> {
  const known = new Map<number, Known>()
  for (const [contributorId, those] of Map.groupBy(claims, (claim) => claim.contributorId)) {
    const key = { domainId, contributorId }
    const held = new Set((await listOpenHolds(sql, key)).flatMap(({ slots }) => slots))
    const state = await readClaimState(sql, key)
    const isOpen = those.some(({ slot }) => state.inScope.has(slot) && !state.inEpoch.has(slot))
    known.set(contributorId, {
      ...state,
      held,
      inDoubt: isOpen ? await listInDoubt(sql, key, state) : new Set(),
    })
  }
  return ({ contributorId, slot }) => {
    const state = known.get(contributorId)
    return state === undefined ? 'unknown' : presenceOf(slot, state)
  }
}

async function listInDoubt(sql: Sql, key: ContributorKey, state: ClaimState): Promise<ReadonlySet<number>> {
  const claims = await listClaims(sql, key.domainId, key.contributorId)
  const isInDoubt = inDoubt(claims, state)
  return new Set([...claims.slots].filter((_, at) => isInDoubt(at)))
}
