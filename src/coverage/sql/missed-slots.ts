import { SlotSet } from '../../inventory/index.ts'
import type { Sql } from '../../storage/index.ts'

/** Claims by contributor and slot: two lists side by side, as statements take them. */
type SlotList = { readonly contributorIds: readonly number[]; readonly slots: readonly number[] }

/** Reads which claims of these contributors were missed by a counted receipt since they were last seen. */
export async function listMissedSlots(
  sql: Sql,
  domainId: string,
  contributorIds: readonly number[],
): Promise<SlotList> {
  const rows = await sql.query<{ contributorId: number; missed: Buffer }>(
    `select contributor_id, missed[1] as missed from claim_state
      where domain_id = $1 and contributor_id = any($2::int[]) and missed[1] is not null`,
    [domainId, contributorIds],
  )
  const found = { contributorIds: [] as number[], slots: [] as number[] }
  for (const { contributorId, missed } of rows) {
    SlotSet.fromBytes(missed).forEach((slot) => {
      found.contributorIds.push(contributorId)
      found.slots.push(slot)
    })
  }
  return found
}
