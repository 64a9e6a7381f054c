import { readSightings, SlotSet } from '../inventory/write/index.ts'
import type { Sql } from '../storage/index.ts'
import type { ContributorKey } from './sql/claim-state.ts'

/** What runs that are under way have seen until now. */
export async function readUnfolded(sql: Sql, { domainId, contributorId }: ContributorKey): Promise<SlotSet> {
  const rows = await sql.query<{ taskSeq: number }>(
    'select distinct task_seq from sighting where domain_id = $1 and contributor_id = $2',
    [domainId, contributorId],
  )
  const seen = new SlotSet()
  for (const { taskSeq } of rows) seen.addAll(await readSightings(sql, { domainId, contributorId, taskSeq }))
  return seen
}
