import type { Sql } from '../../storage/index.ts'
import { MEMO_BYTES, type MemoTable } from '../decode/index.ts'

/** Hashes that are kept with a contribution. */
export type HashColumn = 'memo' | 'loose_memo' | 'content_hash'

/** Rows of a contributor that one statement brings: the answer stays below 1.5 MB. */
const LOAD_ROWS = 32_768
/** slot int4, kind int2, hash uuid, as `int4send` and its like write them. */
const ROW_BYTES = 6 + MEMO_BYTES

/**
 * Reads one hash of each contribution of a contributor into a table, and tells the kind of each slot. A range of slots
 * comes as one packed value: as rows and columns the driver needs some four times as long, and this is the price of
 * each re-collect.
 */
export async function loadHashes(
  sql: Sql,
  { domainId, contributorId }: { readonly domainId: string; readonly contributorId: number },
  into: {
    readonly column: HashColumn
    readonly table: MemoTable
    readonly nextSlot: number
    readonly noteKind?: (slot: number, kindCode: number) => void
  },
): Promise<void> {
  const { column, table, nextSlot, noteKind } = into
  for (let from = 0; from < nextSlot; from += LOAD_ROWS) {
    const [row] = await sql.query<{ packed: Buffer | null }>(
      `select string_agg(int4send(slot) || int2send(kind) || uuid_send(${column}), ''::bytea) as packed
         from contribution
        where domain_id = $1 and contributor_id = $2 and slot >= $3 and slot < $4 and ${column} is not null`,
      [domainId, contributorId, from, from + LOAD_ROWS],
      { name: `load_${column}` },
    )
    const packed = row?.packed
    if (packed) unpack(packed, table, noteKind)
  }
}

function unpack(
  packed: Buffer,
  table: MemoTable,
  noteKind: ((slot: number, kindCode: number) => void) | undefined,
): void {
  const count = packed.length / ROW_BYTES
  const slots = new Int32Array(count)
  const words = new Uint8Array(count * MEMO_BYTES)
  for (let at = 0; at < count; at++) {
    const start = at * ROW_BYTES
    const slot = packed.readInt32BE(start)
    slots[at] = slot
    noteKind?.(slot, packed.readInt16BE(start + 4))
    words.set(packed.subarray(start + 6, start + ROW_BYTES), at * MEMO_BYTES)
  }
  table.load(slots, words)
}
