import { MEMO_WORDS } from './memo-hash.ts'
import { assertSlot } from './slot-set.ts'

/** Makes an empty table whose index has room for this many memos before it has to grow. */
export function createMemoTable(expectedCount: number): MemoTable {
  return new MemoTable(expectedCount)
}

/** Slots whose memos lie in one block of memory, as a power of two: 256 KiB. */
const BLOCK_BITS = 14
const BLOCK_SLOTS = 1 << BLOCK_BITS
const IN_BLOCK = BLOCK_SLOTS - 1

/**
 * Which slot of a contributor had which memo: the question "is this message known?" of every message of a
 * stream.
 *
 * Slots are small and dense (the contributor numbers its resources from 0), so memos lie by slot in blocks,
 * and an open-addressing index of slot numbers, linear probing, at most seven tenths full, finds them. Memos
 * are hashes already, so their first word is the index hash. 1,000,000 memos take 24 MB, outside the
 * JavaScript heap. Plugins mostly list in the order of the time before, which is that of the slots: the one
 * behind the slot that was found last is looked at first. Through the index each look-up is two places of
 * memory that no cache holds (0.4 µs where there are 100,000).
 *
 * A table in one piece would have to be copied as it grows, and for that moment be there two and a half
 * times.
 *
 * A memo of four zero words marks an empty slot. One message in 2^128 has it, is never found, and is just
 * decoded.
 */
export class MemoTable {
  /** Slots that have a memo now. */
  count = 0
  /** Absent where no slot of a block ever had a memo. */
  readonly #blocks: (Uint32Array | undefined)[] = []
  /** Slot + 1 at each place, 0 where empty. */
  #index: Int32Array<ArrayBuffer>
  /**
   * Memos were loaded that are not in the index. It is made when it is needed: where all comes in order that
   * is never.
   */
  #isStale = false
  /** The slot behind the one that was found last. */
  #expected = 0

  constructor(expectedCount: number) {
    this.#index = new Int32Array(indexSizeFor(expectedCount))
  }

  /**
   * The slot whose memo this is, or -1. Should two slots have it, one of them. It begins at word `at` of
   * those given.
   */
  find(memo: Uint32Array, at = 0): number {
    const expected = this.#expected
    const slot = this.#holds(expected, memo, at) && !isZero(memo, at) ? expected : this.#lookUp(memo, at)
    if (slot >= 0) this.#expected = slot + 1
    return slot
  }

  #lookUp(memo: Uint32Array, at: number): number {
    if (this.#isStale) this.#rebuildIndex()
    const index = this.#index
    const mask = index.length - 1
    for (let place = (memo[at] ?? 0) & mask; ; place = (place + 1) & mask) {
      const slot = (index[place] ?? 0) - 1
      if (slot < 0 || this.#holds(slot, memo, at)) return slot
    }
  }

  #holds(slot: number, memo: Uint32Array, at: number): boolean {
    const block = this.#blocks[slot >>> BLOCK_BITS]
    if (block === undefined) return false
    const base = (slot & IN_BLOCK) * MEMO_WORDS
    return (
      block[base] === memo[at] &&
      block[base + 1] === memo[at + 1] &&
      block[base + 2] === memo[at + 2] &&
      block[base + 3] === memo[at + 3]
    )
  }

  /** Gives the slot this memo, in place of the one it had. */
  set(memo: Uint32Array, slot: number): void {
    const block = this.#blockFor(slot)
    this.delete(slot)
    if (isZero(memo, 0)) return
    block.set(memo.length === MEMO_WORDS ? memo : memo.subarray(0, MEMO_WORDS), baseOf(slot))
    this.#insert(slot)
  }

  /** Forgets the memo of a slot; false when it had none. */
  delete(slot: number): boolean {
    if (this.#isStale) this.#rebuildIndex()
    const block = this.#blocks[slot >>> BLOCK_BITS]
    const base = baseOf(slot)
    if (block === undefined || isZero(block, base)) return false
    this.#closeGap(this.#placeOf(slot))
    block.fill(0, base, base + MEMO_WORDS)
    this.count--
    return true
  }

  /**
   * Takes over stored rows of `stride` bytes: the slot at the beginning, big-endian, and the memo where it is
   * said to be. The index is made anew when something is looked for: to keep it while a slot may come again
   * and again took longer than all else.
   */
  loadPacked(rows: Buffer, { stride, memoAt }: { readonly stride: number; readonly memoAt: number }): void {
    if (rows.length % stride !== 0) throw new RangeError(`${rows.length} bytes are no rows of ${stride}`)
    this.#isStale = true
    const view = new DataView(rows.buffer, rows.byteOffset, rows.length)
    for (let at = 0; at < rows.length; at += stride) this.#loadRow(view, at, at + memoAt)
  }

  /** Bytes that the table occupies. */
  get byteLength(): number {
    return this.#blocks.reduce((sum, block) => sum + (block?.byteLength ?? 0), this.#index.byteLength)
  }

  #loadRow(view: DataView, slotAt: number, memoAt: number): void {
    const slot = view.getInt32(slotAt)
    const block = this.#blockFor(slot)
    const base = baseOf(slot)
    if (!isZero(block, base)) this.count--
    block[base] = view.getUint32(memoAt, true)
    block[base + 1] = view.getUint32(memoAt + 4, true)
    block[base + 2] = view.getUint32(memoAt + 8, true)
    block[base + 3] = view.getUint32(memoAt + 12, true)
    if (!isZero(block, base)) this.count++
  }

  #insert(slot: number): void {
    this.count++
    if (this.count > this.#index.length * MAX_LOAD) {
      this.#rebuildIndex()
      return
    }
    this.#place(slot)
  }

  #place(slot: number): void {
    const mask = this.#index.length - 1
    let place = this.#homeOf(slot)
    while (this.#index[place] !== 0) place = (place + 1) & mask
    this.#index[place] = slot + 1
  }

  #homeOf(slot: number): number {
    return (this.#blocks[slot >>> BLOCK_BITS]?.[baseOf(slot)] ?? 0) & (this.#index.length - 1)
  }

  #placeOf(slot: number): number {
    const mask = this.#index.length - 1
    let place = this.#homeOf(slot)
    while (this.#index[place] !== slot + 1) place = (place + 1) & mask
    return place
  }

  /** Empties a place and moves later entries of its run forward, so that no probe stops too early. */
  #closeGap(from: number): void {
    const mask = this.#index.length - 1
    let gap = from
    for (let place = (gap + 1) & mask; this.#index[place] !== 0; place = (place + 1) & mask) {
      const entry = this.#index[place] ?? 0
      const distanceFromHome = (place - this.#homeOf(entry - 1)) & mask
      if (distanceFromHome < ((place - gap) & mask)) continue
      this.#index[gap] = entry
      gap = place
    }
    this.#index[gap] = 0
  }

  #blockFor(slot: number): Uint32Array {
    assertSlot(slot)
    const at = slot >>> BLOCK_BITS
    const block = this.#blocks[at] ?? new Uint32Array(BLOCK_SLOTS * MEMO_WORDS)
    this.#blocks[at] = block
    return block
  }

  #rebuildIndex(): void {
    const size = Math.max(this.#index.length, indexSizeFor(this.count))
    // The memory there was is free at once: the garbage collector would find it long after, beside further
    // ones.
    this.#index.buffer.transfer(0)
    this.#index = new Int32Array(size)
    this.#isStale = false
    for (const [at, block] of this.#blocks.entries()) {
      for (let base = 0; block !== undefined && base < block.length; base += MEMO_WORDS) {
        if (!isZero(block, base)) this.#place(at * BLOCK_SLOTS + base / MEMO_WORDS)
      }
    }
  }
}

/** Where the memo of a slot lies in its block. */
function baseOf(slot: number): number {
  return (slot & IN_BLOCK) * MEMO_WORDS
}

const MAX_LOAD = 0.7
const MIN_INDEX_SIZE = 32

function indexSizeFor(count: number): number {
  const needed = Math.max(MIN_INDEX_SIZE, Math.ceil(count / MAX_LOAD))
  return 2 ** Math.ceil(Math.log2(needed))
}

function isZero(words: Uint32Array, base: number): boolean {
  return words[base] === 0 && words[base + 1] === 0 && words[base + 2] === 0 && words[base + 3] === 0
}
