import { MEMO_WORDS } from './memo-hash.ts'
import { assertSlot } from './slot-set.ts'

/** Makes an empty table with room for this many memos before it has to grow. */
export function createMemoTable(expectedCount: number): MemoTable {
  return new MemoTable(expectedCount)
}

/**
 * Which slot of a contributor had which memo: the question "is this message known?" of every message of a stream.
 *
 * Slots are small and dense (the contributor numbers its resources from 0), so memos lie at `slot × 4` in one typed
 * array, and an open-addressing index of slot numbers, linear probing, at most seven tenths full, finds them. Memos
 * are hashes already, so their first word is the index hash. 1,000,000 memos take 24 MB, outside the JavaScript heap.
 *
 * A memo of four zero words marks an empty slot. One message in 2^128 has it, is never found, and is just decoded.
 */
export class MemoTable {
  /** Slots that have a memo now. */
  count = 0
  #memos: Uint32Array<ArrayBuffer>
  /** Slot + 1 at each place, 0 where empty. */
  #index: Int32Array<ArrayBuffer>

  constructor(expectedCount: number) {
    this.#memos = new Uint32Array(Math.max(expectedCount, 16) * MEMO_WORDS)
    this.#index = new Int32Array(indexSizeFor(expectedCount))
  }

  /** The slot whose memo this is, or -1. Should two slots have it, one of them. */
  find(memo: Uint32Array): number {
    const index = this.#index
    const memos = this.#memos
    const mask = index.length - 1
    const word0 = memo[0] ?? 0
    const word1 = memo[1] ?? 0
    const word2 = memo[2] ?? 0
    const word3 = memo[3] ?? 0
    for (let place = word0 & mask; ; place = (place + 1) & mask) {
      const slot = (index[place] ?? 0) - 1
      if (slot < 0) return -1
      const base = slot * MEMO_WORDS
      if (
        memos[base] === word0 &&
        memos[base + 1] === word1 &&
        memos[base + 2] === word2 &&
        memos[base + 3] === word3
      ) {
        return slot
      }
    }
  }

  /** Gives the slot this memo, in place of the one it had. */
  set(memo: Uint32Array, slot: number): void {
    assertSlot(slot)
    this.#reserveSlot(slot)
    this.delete(slot)
    if (isZero(memo, 0)) return
    this.#memos.set(memo.length === MEMO_WORDS ? memo : memo.subarray(0, MEMO_WORDS), slot * MEMO_WORDS)
    this.#insert(slot)
  }

  /** Forgets the memo of a slot; false when it had none. */
  delete(slot: number): boolean {
    const base = slot * MEMO_WORDS
    if (base >= this.#memos.length || isZero(this.#memos, base)) return false
    this.#closeGap(this.#placeOf(slot))
    this.#memos.fill(0, base, base + MEMO_WORDS)
    this.count--
    return true
  }

  /** Takes over stored rows of `stride` bytes: the slot at the beginning, big-endian, and the memo where it is said to be. */
  loadPacked(rows: Buffer, { stride, memoAt }: { readonly stride: number; readonly memoAt: number }): void {
    if (rows.length % stride !== 0) throw new RangeError(`${rows.length} bytes are no rows of ${stride}`)
    const view = new DataView(rows.buffer, rows.byteOffset, rows.length)
    for (let at = 0; at < rows.length; at += stride) this.#loadRow(view, at, at + memoAt)
  }

  /** Bytes that the table occupies. */
  get byteLength(): number {
    return this.#memos.byteLength + this.#index.byteLength
  }

  #loadRow(view: DataView, slotAt: number, memoAt: number): void {
    const slot = view.getInt32(slotAt)
    assertSlot(slot)
    this.#reserveSlot(slot)
    this.delete(slot)
    const memos = this.#memos
    const base = slot * MEMO_WORDS
    memos[base] = view.getUint32(memoAt, true)
    memos[base + 1] = view.getUint32(memoAt + 4, true)
    memos[base + 2] = view.getUint32(memoAt + 8, true)
    memos[base + 3] = view.getUint32(memoAt + 12, true)
    if (!isZero(memos, base)) this.#insert(slot)
  }

  #insert(slot: number): void {
    this.count++
    if (this.count > this.#index.length * MAX_LOAD) {
      this.#rebuildIndex(this.#index.length * 2)
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
    return (this.#memos[slot * MEMO_WORDS] ?? 0) & (this.#index.length - 1)
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

  #reserveSlot(slot: number): void {
    const needed = (slot + 1) * MEMO_WORDS
    if (needed <= this.#memos.length) return
    const length = Math.max(needed, Math.ceil(this.#memos.length / 8) * 12)
    // The memory there was is free at once: the garbage collector would find it long after, beside further ones.
    this.#memos = new Uint32Array(this.#memos.buffer.transfer(length * Uint32Array.BYTES_PER_ELEMENT))
  }

  #rebuildIndex(size: number): void {
    this.#index.buffer.transfer(0)
    this.#index = new Int32Array(size)
    const slots = this.#memos.length / MEMO_WORDS
    for (let slot = 0; slot < slots; slot++) {
      if (!isZero(this.#memos, slot * MEMO_WORDS)) this.#place(slot)
    }
  }
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
