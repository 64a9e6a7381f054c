import type { Sql } from '../../../storage/index.ts'
import { MEMO_BYTES, type MemoTable } from '../../decode/index.ts'

/** Hashes that are kept with a contribution, and loaded when they turn out to be needed. */
export type HashColumn = 'loose_memo' | 'content_hash'

/** Rows of a contributor that one statement brings: the answer stays below 1 MB. */
const LOAD_ROWS = 16_384
/** slot int4, hash uuid, as `int4send` and its like write them. */
const MEMO_AT = 4
const ROW_BYTES = MEMO_AT + MEMO_BYTES

/**
 * Reads one hash of each contribution of a contributor into a table. A range of slots comes as one packed
 * value: as rows and columns the driver needs some four times as long.
 */
export async function loadHashes(
  sql: Sql,
  { domainId, contributorId }: { readonly domainId: string; readonly contributorId: number },
  into: { readonly column: HashColumn; readonly table: MemoTable; readonly nextSlot: number },
): Promise<void> {
  const { column, table, nextSlot } = into
  let from = 0
  const loadNext = async () => {
    while (from < nextSlot) {
      const first = from
      from += LOAD_ROWS
      const [row] = await sql.query<{ packed: Buffer | null }>(
        `select string_agg(int4send(slot) || uuid_send(${column}), ''::bytea) as packed
           from contribution
          where domain_id = $1 and contributor_id = $2 and slot >= $3 and slot < $4 and ${column} is not null`,
        [domainId, contributorId, first, first + LOAD_ROWS],
        { name: `load_${column}` },
      )
      if (row?.packed) table.loadPacked(row.packed, { stride: ROW_BYTES, memoAt: MEMO_AT })
    }
  }
  // The database packs one answer while the other is unpacked.
  await Promise.all([loadNext(), loadNext()])
}
