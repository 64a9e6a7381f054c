import type { Sql } from '../../../storage/index.ts'
import { deriveMemoKey, forEachRun, type MemoTable, SlotSet } from '../../decode/index.ts'
import { type LoadedRoster, Roster } from '../../roster/index.ts'
import { FirstSightings } from './first-sightings.ts'
import { LateHashes } from './late-hashes.ts'

/** What an attempt knows about its contributor, in memory: a message that is known costs no query. */
export type Run = {
  readonly memos: MemoTable
  readonly memoKey: Uint8Array
  readonly loose: LateHashes
  readonly contents: LateHashes
  /** Slots that were given out when the attempt began. */
  readonly nextSlot: number
  /** The kind of each slot, and what becomes of the claims. */
  readonly roster: Roster
  /** Seen in this attempt, as far as it was read. An attempt that dies takes this with it. */
  readonly seen: FirstSightings
  /** Stored as counted, in this or an earlier attempt of the task: a resource counts once. */
  readonly counted: SlotSet
  /** Rank of the collector: see `Layer`. */
  readonly priority: number
  readonly seniority: number
  /** All memos are from another evaluation revision, so refreshing them pays at the next run. */
  readonly refreshesMemos: boolean
}

type RunRef = {
  readonly domainId: string
  readonly contributorId: number
  readonly taskSeq: number
  readonly attempt: number
  readonly revision: string
  /** See `IngestInput`. */
  readonly roster?: Promise<LoadedRoster>
}

/** Loads a contributor's memos and what earlier attempts of the task have counted. */
export async function openRun(sql: Sql, ref: RunRef): Promise<Run> {
  // Side by side: the plugin waits for this as soon as the windows of its connection are full.
  const [contributor, { roster, memos }] = await Promise.all([
    getContributor(sql, ref),
    ref.roster ?? Roster.load(sql, ref),
  ])
  return {
    memos,
    memoKey: deriveMemoKey(contributor.memoKey, ref.revision),
    loose: new LateHashes(sql, ref, 'loose_memo'),
    contents: new LateHashes(sql, ref, 'content_hash'),
    nextSlot: contributor.nextSlot,
    roster,
    seen: new FirstSightings(contributor.nextSlot),
    counted: await listCounted(sql, ref, contributor.nextSlot),
    priority: contributor.priority,
    seniority: contributor.seniority,
    refreshesMemos: contributor.revision !== ref.revision,
  }
}

type ContributorRow = {
  nextSlot: number
  memoKey: string
  revision: string
  priority: number
  seniority: number
}

async function getContributor(sql: Sql, ref: RunRef): Promise<ContributorRow> {
  const [row] = await sql.query<ContributorRow>(
    `select b.next_slot, b.memo_key, b.revision, k.priority, k.seq as seniority
       from contributor b join collector k on k.domain_id = b.domain_id and k.collector_id = b.collector_id
      where b.domain_id = $1 and b.contributor_id = $2`,
    [ref.domainId, ref.contributorId],
    { name: 'get_contributor' },
  )
  if (row === undefined) {
    throw new Error(`contributor ${ref.contributorId} of domain '${ref.domainId}', or its collector, is gone`)
  }
  return row
}

async function listCounted(sql: Sql, ref: RunRef, expected: number): Promise<SlotSet> {
  const counted = new SlotSet(expected)
  if (ref.attempt <= 1) return counted
  const rows = await sql.query<{ slots: Buffer }>(
    `select slots from sighting where domain_id = $1 and contributor_id = $2 and task_seq = $3`,
    [ref.domainId, ref.contributorId, ref.taskSeq],
  )
  for (const { slots } of rows) forEachRun(slots, (first, end) => counted.addRun(first, end))
  return counted
}
