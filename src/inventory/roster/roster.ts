import type { Sql } from '../../storage/index.ts'
import { createMemoTable, type MemoTable } from '../decode/index.ts'
import type { Claims } from '../write/claims/list-claims.ts'
import { ClaimCells } from './claim-cells.ts'
import { ENTRY_BYTES, MEMO_AT } from './entries.ts'
import { isWorn } from './is-worn.ts'
import { type ContributorKey, listPages, type PageHead, readPages } from './read-pages.ts'

/**
 * What a run has to know of the claims of its contributor before it reads the first message. It is of that
 * run alone, which changes it.
 */
export type LoadedRoster = { readonly roster: Roster; readonly memos: MemoTable }

/** What a run knows of the claims of its contributor, and how to learn what has become of them since. */
export class Roster {
  readonly #key: ContributorKey
  #cells: ClaimCells
  /** The pages that are in it, by `seq`. */
  #known: ReadonlyMap<number, PageHead>

  private constructor(key: ContributorKey, cells: ClaimCells, pages: readonly PageHead[]) {
    this.#key = key
    this.#cells = cells
    this.#known = bySeq(pages)
  }

  /**
   * Reads all of it, and the memos into a table of their own. Room is made at first for what the base pages
   * hold. What was loaded before is as good when no page has come or gone since.
   */
  static async load(sql: Sql, key: ContributorKey, before?: Promise<LoadedRoster>): Promise<LoadedRoster> {
    if (before !== undefined) {
      const [loaded, pages] = await Promise.all([before.catch(() => undefined), listPages(sql, key)])
      if (loaded?.roster.isOf(pages)) return loaded
    }
    for (;;) {
      const pages = await listPages(sql, key)
      const expected = countEntries(pages.filter(({ isBase }) => isBase))
      const memos = createMemoTable(expected)
      const cells = new ClaimCells(expected)
      const isWhole = await readPages(sql, key, pages, (entries) => {
        memos.loadPacked(entries, { stride: ENTRY_BYTES, memoAt: MEMO_AT })
        cells.take(entries)
      })
      if (isWhole) return { roster: new Roster(key, cells, pages), memos }
    }
  }

  /** The kind code of a slot; 0 where there is no claim. */
  kindOf(slot: number): number {
    return this.#cells.kindOf(slot)
  }

  /** Notes the kind of a slot that this run has written; its cell comes with the page that told of it. */
  noteKind(slot: number, code: number): void {
    this.#cells.setKind(slot, code)
  }

  /**
   * The live claims on cloud services as of now, what others and this run have written since included: mostly
   * that nothing was written. Pages whose entries are known were all committed before those that come now, so
   * those can be added to them.
   */
  async claims(sql: Sql): Promise<Claims> {
    for (let startsAnew = false; ; startsAnew = true) {
      const pages = await listPages(sql, this.#key)
      if (startsAnew || this.#isPacked(pages)) {
        this.#cells = new ClaimCells(this.#cells.size)
        this.#known = new Map()
      }
      const missing = pages.filter(({ seq }) => !this.#known.has(seq))
      const isWhole = await readPages(sql, this.#key, missing, (entries) => this.#cells.take(entries))
      this.#known = bySeq(pages)
      if (isWhole) return this.#cells.toClaims()
    }
  }

  /** Whether so much of it says what is no longer so that it pays to pack it. */
  get isWorn(): boolean {
    return isWorn([...this.#known.values()], this.#cells.count)
  }

  /** Whether these are all the pages it was read from. */
  isOf(pages: readonly PageHead[]): boolean {
    return pages.length === this.#known.size && pages.every(({ seq }) => this.#known.has(seq))
  }

  /** Somebody has made new base pages of what there was, or has left none, because nothing was left. */
  #isPacked(pages: readonly PageHead[]): boolean {
    const here = new Set(pages.map(({ seq }) => seq))
    return (
      pages.some(({ seq, isBase }) => isBase && !this.#known.has(seq)) ||
      this.#known.keys().some((seq) => !here.has(seq))
    )
  }
}

function countEntries(pages: readonly PageHead[]): number {
  return pages.reduce((sum, { bytes }) => sum + bytes, 0) / ENTRY_BYTES
}

function bySeq(pages: readonly PageHead[]): ReadonlyMap<number, PageHead> {
  return new Map(pages.map((page) => [page.seq, page]))
}
