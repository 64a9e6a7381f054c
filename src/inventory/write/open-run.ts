import type { Sql } from '../../storage/index.ts'
import { createMemoTable, decodeSlots, type MemoTable, SlotSet } from '../decode/index.ts'
import { FirstSightings } from './first-sightings.ts'
import { KnownContents } from './known-contents.ts'

/** Rows of a contributor that one statement brings: the answer stays below 1.5 MB. */
const LOAD_ROWS = 32_768
/** slot int4, kind int2, memo uuid, as `int4send` and its like write them. */
const ROW_BYTES = 22

/** What an attempt knows about its contributor, in memory: a message that is known costs no query. */
export type Run = {
  readonly memos: MemoTable
  readonly contents: KnownContents
  /** Slots that were given out when the attempt began. */
  readonly nextSlot: number
  /** The kind code of each slot. */
  readonly kinds: SlotKinds
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

export type RunRef = {
  readonly domainId: string
  readonly contributorId: number
  readonly taskSeq: number
  readonly attempt: number
  readonly revision: string
}

/** Loads a contributor's memos and what earlier attempts of the task have counted. */
export async function openRun(sql: Sql, ref: RunRef): Promise<Run> {
  const contributor = await getContributor(sql, ref)
  const memos = createMemoTable(contributor.nextSlot)
  const kinds = createSlotKinds(contributor.nextSlot)
  for (let from = 0; from < contributor.nextSlot; from += LOAD_ROWS)
    await loadRows(sql, ref, from, memos, kinds)
  return {
    memos,
    contents: new KnownContents(sql, ref),
    nextSlot: contributor.nextSlot,
    kinds,
    seen: new FirstSightings(contributor.nextSlot),
    counted: await listCounted(sql, ref, contributor.nextSlot),
    priority: contributor.priority,
    seniority: contributor.seniority,
    refreshesMemos: contributor.revision !== ref.revision,
  }
}

/** Kind codes by slot, growing. */
export type SlotKinds = { get(slot: number): number; set(slot: number, code: number): void }

function createSlotKinds(expected: number): SlotKinds {
  let codes = new Uint8Array(Math.max(64, expected))
  return {
    get: (slot) => codes[slot] ?? 0,
    set(slot, code) {
      if (slot >= codes.length) {
        const grown = new Uint8Array(Math.max(slot + 1, codes.length * 2))
        grown.set(codes)
        codes = grown
      }
      codes[slot] = code
    },
  }
}

type ContributorRow = { nextSlot: number; revision: string; priority: number; seniority: number }

async function getContributor(sql: Sql, ref: RunRef): Promise<ContributorRow> {
  const [row] = await sql.query<ContributorRow>(
    `select b.next_slot, b.revision, k.priority, k.seq as seniority
       from contributor b join collector k on k.domain_id = b.domain_id and k.collector_id = b.collector_id
      where b.domain_id = $1 and b.contributor_id = $2`,
    [ref.domainId, ref.contributorId],
  )
  if (row === undefined) {
    throw new Error(`contributor ${ref.contributorId} of domain '${ref.domainId}', or its collector, is gone`)
  }
  return row
}

/**
 * Reads a range of slots as one packed value. As rows and columns the driver needs some four times as long: this is
 * the price of each re-collect.
 */
async function loadRows(
  sql: Sql,
  ref: RunRef,
  from: number,
  memos: MemoTable,
  kinds: SlotKinds,
): Promise<void> {
  const [row] = await sql.query<{ packed: Buffer | null }>(
    `select string_agg(int4send(slot) || int2send(kind) || uuid_send(memo), ''::bytea) as packed
       from contribution
      where domain_id = $1 and contributor_id = $2 and slot >= $3 and slot < $4`,
    [ref.domainId, ref.contributorId, from, from + LOAD_ROWS],
    { name: 'load_memos' },
  )
  const packed = row?.packed
  if (!packed) return
  const count = packed.length / ROW_BYTES
  const slots = new Int32Array(count)
  const words = new Uint8Array(count * 16)
  for (let at = 0; at < count; at++) {
    const start = at * ROW_BYTES
    const slot = packed.readInt32BE(start)
    slots[at] = slot
    kinds.set(slot, packed.readInt16BE(start + 4))
    packed.copy(words, at * 16, start + 6, start + ROW_BYTES)
  }
  memos.load(slots, words)
}

async function listCounted(sql: Sql, ref: RunRef, expected: number): Promise<SlotSet> {
  const counted = new SlotSet(expected)
  if (ref.attempt <= 1) return counted
  const rows = await sql.query<{ slots: Buffer }>(
    `select slots from sighting where domain_id = $1 and contributor_id = $2 and task_seq = $3`,
    [ref.domainId, ref.contributorId, ref.taskSeq],
  )
  for (const { slots } of rows) for (const slot of decodeSlots(slots)) counted.add(slot)
  return counted
}
