import type { Sql } from '../../../storage/index.ts'
import { forEachRun, SlotSet } from '../../decode/index.ts'

type RunKey = { readonly domainId: string; readonly contributorId: number; readonly taskSeq: number }

/** What a task that still runs has seen in any attempt. */
export async function readSightings(sql: Sql, key: RunKey): Promise<SlotSet> {
  return toSet(await listSightings(sql, key))
}

/** The same, and beside it what this attempt alone has seen: one set for both where there was no other. */
export async function readSightingsOf(
  sql: Sql,
  run: RunKey & { readonly attempt: number },
): Promise<{ readonly seen: SlotSet; readonly seenNow: SlotSet }> {
  const rows = await listSightings(sql, run)
  const now = rows.filter(({ attempt }) => attempt === run.attempt)
  const seenNow = toSet(now)
  return { seen: now.length === rows.length ? seenNow : toSet(rows), seenNow }
}

type Sighting = { readonly attempt: number; readonly slots: Buffer }

async function listSightings(
  sql: Sql,
  { domainId, contributorId, taskSeq }: RunKey,
): Promise<readonly Sighting[]> {
  return await sql.query<Sighting>(
    'select attempt, slots from sighting where domain_id = $1 and contributor_id = $2 and task_seq = $3',
    [domainId, contributorId, taskSeq],
    { name: 'list_sightings' },
  )
}

function toSet(sightings: readonly Sighting[]): SlotSet {
  const seen = new SlotSet()
  for (const { slots } of sightings) forEachRun(slots, (first, end) => seen.addRun(first, end))
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
