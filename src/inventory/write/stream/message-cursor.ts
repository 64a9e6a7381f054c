import type { MessageBlock } from '../../../core/message-block.ts'
import { MAX_GROUP, MEMO_WORDS, type MemoHasher } from '../../decode/index.ts'

/**
 * Goes through the messages of a stream, without an object for each, and hashes them in groups where they are
 * likely to be needed.
 */
export class MessageCursor {
  /** Of the message it stands at, counted from 1. */
  number = 0
  /** Where that message lies. */
  bytes: Uint8Array = NOTHING
  start = 0
  end = 0
  /** Memos of messages one behind the other: see `locateMemo`. */
  readonly memos = new Uint32Array(MAX_GROUP * MEMO_WORDS)
  readonly #hasher: MemoHasher
  /** The numbers of the first message whose memo is at hand, and of the one behind the last. */
  #memosFrom = 0
  #memosTo = 0
  #blocks: readonly MessageBlock[] = []
  #block = 0
  #bound = 0
  #nextBlock = 0
  #nextBound = 0

  constructor(hasher: MemoHasher) {
    this.#hasher = hasher
  }

  /** Takes messages to go on with. All those it was given before have been read. */
  receive(blocks: readonly MessageBlock[]): void {
    this.#blocks = blocks
    this.#nextBlock = 0
    this.#nextBound = 0
    this.#skipEmpty()
  }

  /** Whether there is another message. */
  get hasMore(): boolean {
    return this.#nextBlock < this.#blocks.length
  }

  /** Moves to the next message; false where there is none. */
  next(): boolean {
    const block = this.#blocks[this.#nextBlock]
    if (block === undefined) return false
    this.#block = this.#nextBlock
    this.#bound = this.#nextBound
    this.number++
    this.bytes = block.bytes
    this.start = block.bounds[this.#bound] ?? 0
    this.end = block.bounds[this.#bound + 1] ?? 0
    this.#nextBound += 2
    if (this.#nextBound >= block.bounds.length) {
      this.#nextBlock++
      this.#nextBound = 0
      this.#skipEmpty()
    }
    return true
  }

  /**
   * Where in `memos` that of the message begins. Messages behind it are hashed in the same go, unless it is
   * the only one that is likely to be asked for.
   */
  locateMemo(isAlone: boolean): number {
    if (this.number >= this.#memosTo) this.#hash(isAlone)
    return (this.number - this.#memosFrom) * MEMO_WORDS
  }

  #hash(isAlone: boolean): void {
    const place = { block: this.#block, bound: this.#bound }
    const count = isAlone ? 0 : this.#hasher.hashGroup(this.#blocks, place, this.memos)
    if (count === 0) this.#hasher.hash(this.bytes, this.memos, this.start, this.end)
    this.#memosFrom = this.number
    this.#memosTo = this.number + Math.max(1, count)
  }

  #skipEmpty(): void {
    while (this.#blocks[this.#nextBlock]?.bounds.length === 0) this.#nextBlock++
  }
}

const NOTHING = new Uint8Array()
