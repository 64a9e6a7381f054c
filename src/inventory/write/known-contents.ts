import type { Sql } from '../../storage/index.ts'
import { createMemoTable, MEMO_BYTES, type MemoTable, uuidToMemo } from '../decode/index.ts'

/** Rows of a contributor that one statement brings: the answer stays below 1 MB. */
const LOAD_ROWS = 32_768
/** slot int4, content hash uuid. */
const ROW_BYTES = 4 + MEMO_BYTES

/**
 * Which slot of a contributor has which content. It answers for messages whose bytes are new and whose content is not:
 * plugins in some languages write maps in another order after each restart. Loaded only when a run turns out to
 * be such a one, 24 MB for a million; without it each of these messages is matched in the database.
 */
export class KnownContents {
  readonly #sql: Sql
  readonly #contributor: { readonly domainId: string; readonly contributorId: number }
  #table: MemoTable | undefined
  /** While loading: what batches have stored since it began, which is newer than what the load may have read. */
  #meanwhile: Map<number, string> | undefined

  constructor(sql: Sql, contributor: { readonly domainId: string; readonly contributorId: number }) {
    this.#sql = sql
    this.#contributor = contributor
  }

  get isLoaded(): boolean {
    return this.#table !== undefined
  }

  /** Reads what is stored; batches may go on being stored meanwhile. */
  async load(nextSlot: number): Promise<void> {
    const table = createMemoTable(nextSlot)
    this.#meanwhile = new Map()
    for (let from = 0; from < nextSlot; from += LOAD_ROWS) await this.#loadRows(table, from)
    for (const [slot, contentHash] of this.#meanwhile) table.set(uuidToMemo(contentHash), slot)
    this.#meanwhile = undefined
    this.#table = table
  }

  /** The slot that has this content, or -1; -1 also for all before it is loaded. */
  find(contentHash: string): number {
    return this.#table?.find(uuidToMemo(contentHash)) ?? -1
  }

  /** Notes what the database holds for a slot from now on. */
  set(contentHash: string, slot: number): void {
    this.#meanwhile?.set(slot, contentHash)
    this.#table?.set(uuidToMemo(contentHash), slot)
  }

  async #loadRows(table: MemoTable, from: number): Promise<void> {
    const { domainId, contributorId } = this.#contributor
    const [row] = await this.#sql.query<{ packed: Buffer | null }>(
      `select string_agg(int4send(slot) || uuid_send(content_hash), ''::bytea) as packed
         from contribution
        where domain_id = $1 and contributor_id = $2 and slot >= $3 and slot < $4`,
      [domainId, contributorId, from, from + LOAD_ROWS],
      { name: 'load_contents' },
    )
    const packed = row?.packed
    if (!packed) return
    const count = packed.length / ROW_BYTES
    const slots = new Int32Array(count)
    const words = new Uint8Array(count * MEMO_BYTES)
    for (let at = 0; at < count; at++) {
      const start = at * ROW_BYTES
      slots[at] = packed.readInt32BE(start)
      packed.copy(words, at * MEMO_BYTES, start + 4, start + ROW_BYTES)
    }
    table.load(slots, words)
  }
}
