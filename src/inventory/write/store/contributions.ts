import type { JsonObject } from '@bufbuild/protobuf'
import {
  int4Array,
  int8Array,
  jsonbArray,
  type Sql,
  type Transaction,
  textArray,
  uuidArray,
} from '../../../storage/index.ts'
import type { ResourceDocument } from '../../kinds.ts'

/** Ranks of a contributor whose collector is gone: its word counts last. */
const RETIRED_PRIORITY = 100
const RETIRED_SENIORITY = Number.MAX_SAFE_INTEGER

/** What one contributor has stored about one target. */
export type Contribution = {
  readonly targetId: string
  readonly contributorId: number
  readonly slot: number
  readonly contentHash: string
  /** Null while the target has one contributor only: then the target itself is the document. */
  readonly document: ResourceDocument | null
  /** Written by hand: the document is a `ManualLayer`, and never null. */
  readonly isManual: boolean
  readonly priority: number
  readonly seniority: number
}

type ContributionWrite = {
  readonly slot: number
  /** Of what this contributor says: see `cellOf`. */
  readonly cell: number | null
  readonly memo: string
  readonly looseMemo: string | null
  readonly contentHash: string
  readonly document: ResourceDocument | null
}

export type NewContribution = ContributionWrite & { readonly targetId: string }

/**
 * Who contributes to these targets, grouped by target. One index descent a target, as in `matchResources`.
 */
export async function listContributions(
  sql: Sql,
  domainId: string,
  targetIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Contribution[]>> {
  if (targetIds.length === 0) return new Map()
  const rows = await sql.query<Contribution>(
    `select c.target_id, c.contributor_id, c.slot, c.content_hash, c.document,
            b.collector_id = '' as is_manual, coalesce(k.priority, ${RETIRED_PRIORITY}) as priority, coalesce(k.seq, ${RETIRED_SENIORITY}) as seniority
       from unnest($2::text[]) as wanted(id)
       cross join lateral (
         select * from contribution where domain_id = $1 and target_id = wanted.id offset 0
       ) c
       join contributor b on b.domain_id = $1 and b.contributor_id = c.contributor_id
       left join collector k on k.domain_id = $1 and k.collector_id = b.collector_id`,
    [domainId, textArray([...new Set(targetIds)])],
    { name: 'list_contributions' },
  )
  return Map.groupBy(rows, ({ targetId }) => targetId)
}

export async function insertContributions(
  tx: Transaction,
  write: {
    domainId: string
    contributorId: number
    kindCode: number
    taskSeq: number
    contributions: readonly NewContribution[]
  },
): Promise<void> {
  const { contributions } = write
  if (contributions.length === 0) return
  await tx.query(
    `insert into contribution
       (domain_id, contributor_id, slot, kind, target_id, cell, memo, loose_memo, content_hash, document, first_seq, changed_seq)
     select $1, $2, c.slot, $3, c.target_id, c.cell, c.memo, c.loose_memo, c.content_hash, c.document, $4, $4
       from unnest($5::int4[], $6::text[], $7::int8[], $8::uuid[], $9::uuid[], $10::uuid[], $11::jsonb[])
         as c(slot, target_id, cell, memo, loose_memo, content_hash, document)`,
    [
      write.domainId,
      write.contributorId,
      write.kindCode,
      write.taskSeq,
      int4Array(contributions.map(({ slot }) => slot)),
      textArray(contributions.map(({ targetId }) => targetId)),
      ...statements(contributions),
    ],
    { name: 'insert_contributions' },
  )
}

/**
 * Here and below the slots stand in the condition twice, joined and as a list: before the first ANALYZE the
 * planner takes the join for the dear part and reads all rows of the contributor (80 ms a batch for 100,000
 * of them); the list makes every plan descend the primary key for these rows only.
 */
export async function updateContributions(
  tx: Transaction,
  write: {
    domainId: string
    contributorId: number
    taskSeq: number
    contributions: readonly ContributionWrite[]
  },
): Promise<void> {
  const { contributions } = write
  if (contributions.length === 0) return
  await tx.query(
    `update contribution t
        set cell = c.cell, memo = c.memo, loose_memo = c.loose_memo, content_hash = c.content_hash,
            document = c.document, changed_seq = $3
       from unnest($4::int4[], $5::int8[], $6::uuid[], $7::uuid[], $8::uuid[], $9::jsonb[])
         as c(slot, cell, memo, loose_memo, content_hash, document)
      where t.domain_id = $1 and t.contributor_id = $2 and t.slot = any($4::int4[]) and t.slot = c.slot`,
    [
      write.domainId,
      write.contributorId,
      write.taskSeq,
      int4Array(contributions.map(({ slot }) => slot)),
      ...statements(contributions),
    ],
    { name: 'update_contributions' },
  )
}

/** New memos for unchanged content: touches no indexed column, so the rows stay where they are. */
export async function refreshMemos(
  tx: Transaction,
  write: {
    domainId: string
    contributorId: number
    memos: readonly Pick<ContributionWrite, 'slot' | 'memo' | 'looseMemo'>[]
  },
): Promise<void> {
  if (write.memos.length === 0) return
  await tx.query(
    `update contribution t set memo = c.memo, loose_memo = c.loose_memo
       from unnest($3::int4[], $4::uuid[], $5::uuid[]) as c(slot, memo, loose_memo)
      where t.domain_id = $1 and t.contributor_id = $2 and t.slot = any($3::int4[]) and t.slot = c.slot`,
    [
      write.domainId,
      write.contributorId,
      int4Array(write.memos.map(({ slot }) => slot)),
      uuidArray(write.memos.map(({ memo }) => memo)),
      uuidArray(write.memos.map(({ looseMemo }) => looseMemo)),
    ],
    { name: 'refresh_memos' },
  )
}

/**
 * Keeps a copy of what a sole contributor said, at the moment when a second one joins it. The first may be
 * refreshing memos of the same rows: both go by slot, so that they wait for one another instead of
 * deadlocking.
 */
export async function keepDocuments(
  tx: Transaction,
  domainId: string,
  kept: readonly {
    readonly contributorId: number
    readonly slot: number
    readonly document: ResourceDocument
  }[],
): Promise<void> {
  if (kept.length === 0) return
  const rows = kept.toSorted((a, b) => a.contributorId - b.contributorId || a.slot - b.slot)
  await tx.query(
    `update contribution t set document = c.document
       from unnest($2::int4[], $3::int4[], $4::jsonb[]) as c(contributor_id, slot, document)
      where t.domain_id = $1 and t.contributor_id = any($2::int4[]) and t.slot = any($3::int4[])
        and t.contributor_id = c.contributor_id and t.slot = c.slot`,
    [
      domainId,
      int4Array(rows.map(({ contributorId }) => contributorId)),
      int4Array(rows.map(({ slot }) => slot)),
      jsonbArray(rows.map(({ document }) => JSON.stringify(document))),
    ],
  )
}

/**
 * Ends what these contributors say about one target; null ends them all. Their slots become holes, and their
 * memos go with them: when one reports the target again, the message is decoded and looked at anew.
 */
export async function deleteContributions(
  tx: Transaction,
  ended: { domainId: string; targetId: string; contributorId: number | null },
): Promise<void> {
  await tx.query(
    `delete from contribution
      where domain_id = $1 and target_id = $2 and ($3::int4 is null or contributor_id = $3)`,
    [ended.domainId, ended.targetId, ended.contributorId],
  )
}

/**
 * Gives out the next slots of a contributor; its row stays locked until the batch commits. New resources are
 * stored before, and whoever holds the row waits for none of them: two batches of a contributor at once share
 * no resource (`batches-at-once.ts`).
 */
export async function takeSlots(
  tx: Transaction,
  domainId: string,
  contributorId: number,
  count: number,
): Promise<number> {
  const [row] = await tx.query<{ first: number }>(
    `update contributor set next_slot = next_slot + $3
      where domain_id = $1 and contributor_id = $2
      returning next_slot - $3 as first`,
    [domainId, contributorId, count],
    { name: 'take_slots' },
  )
  if (row === undefined) throw new Error(`contributor ${contributorId} of domain '${domainId}' is gone`)
  return row.first
}

/** What a contributor says, as the parameters cell, memo, loose memo, content hash and document. */
function statements(contributions: readonly ContributionWrite[]): readonly Buffer[] {
  return [
    int8Array(contributions.map(({ cell }) => cell)),
    uuidArray(contributions.map(({ memo }) => memo)),
    uuidArray(contributions.map(({ looseMemo }) => looseMemo)),
    uuidArray(contributions.map(({ contentHash }) => contentHash)),
    jsonbArray(
      contributions.map(({ document }) =>
        document === null ? null : JSON.stringify(document as JsonObject),
      ),
    ),
  ]
}
