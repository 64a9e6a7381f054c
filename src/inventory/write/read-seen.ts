import type { Sql } from '../../storage/index.ts'
import { decodeSlots, SlotSet } from '../decode/index.ts'

type RunKey = { readonly domainId: string; readonly contributorId: number; readonly taskSeq: number }

/** What a task that still runs has seen: in any attempt, or in one of them. */
export async function readSightings(
  sql: Sql,
  { domainId, contributorId, taskSeq }: RunKey,
  attempt: number | null = null,
): Promise<SlotSet> {
  const rows = await sql.query<{ slots: Buffer }>(
    `select slots from sighting
      where domain_id = $1 and contributor_id = $2 and task_seq = $3 and ($4::int is null or attempt = $4)`,
    [domainId, contributorId, taskSeq, attempt],
  )
  const seen = new SlotSet()
  for (const { slots } of rows) for (const slot of decodeSlots(slots)) seen.add(slot)
  return seen
}

/** What ended tasks of one contributor have seen together. */
export async function readRuns(
  sql: Sql,
  { domainId, contributorId }: Omit<RunKey, 'taskSeq'>,
  taskSeqs: readonly number[],
): Promise<SlotSet> {
  const seen = new SlotSet()
  if (taskSeqs.length === 0) return seen
  const rows = await sql.query<{ seen: Buffer }>(
    'select seen from run where domain_id = $1 and contributor_id = $2 and task_seq = any($3::bigint[])',
    [domainId, contributorId, taskSeqs],
  )
  for (const row of rows) seen.addAll(SlotSet.fromBytes(row.seen))
  return seen
}
