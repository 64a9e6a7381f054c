import type { Sql } from '../../../storage/index.ts'
import { createMemoTable, type MemoTable, uuidToMemo } from '../../decode/index.ts'
import { type HashColumn, loadHashes } from './load-hashes.ts'

/**
 * Which slot of a contributor has which loose memo, or which content: it answers for messages whose bytes are
 * new and whose meaning is not. Loaded only when a run turns out to have many of them, 24 MB for a million;
 * without it each of these messages is matched in the database.
 */
export class LateHashes {
  readonly #sql: Sql
  readonly #contributor: { readonly domainId: string; readonly contributorId: number }
  readonly #column: HashColumn
  #table: MemoTable | undefined
  /**
   * While loading: what batches have stored since it began, which is newer than what the load may have read.
   */
  #meanwhile: Map<number, string | null> | undefined

  constructor(
    sql: Sql,
    contributor: { readonly domainId: string; readonly contributorId: number },
    column: HashColumn,
  ) {
    this.#sql = sql
    this.#contributor = contributor
    this.#column = column
  }

  get isLoaded(): boolean {
    return this.#table !== undefined
  }

  /** Reads what is stored; batches may go on being stored meanwhile. */
  async load(nextSlot: number): Promise<void> {
    const table = createMemoTable(nextSlot)
    this.#meanwhile = new Map()
    await loadHashes(this.#sql, this.#contributor, { column: this.#column, table, nextSlot })
    for (const [slot, hash] of this.#meanwhile) note(table, hash, slot)
    this.#meanwhile = undefined
    this.#table = table
  }

  /** The slot that has this hash, or -1; -1 also for all before it is loaded. */
  find(hash: Uint32Array): number {
    return this.#table?.find(hash) ?? -1
  }

  /** Notes what the database holds for a slot from now on; null for nothing. */
  set(hash: string | null, slot: number): void {
    this.#meanwhile?.set(slot, hash)
    if (this.#table !== undefined) note(this.#table, hash, slot)
  }
}

function note(table: MemoTable, hash: string | null, slot: number): void {
  if (hash === null) table.delete(slot)
  else table.set(uuidToMemo(hash), slot)
}
