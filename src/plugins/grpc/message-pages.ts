import type { MessageBlock } from '../../core/message-block.ts'
import { measureFrame } from './frame-reader.ts'

/** A flag byte and the length, big-endian. */
const HEAD = 5
/** A message that is longer is put together in memory of its own. */
const MAX_IN_PAGE = 65_536
/** Beside a window full of content: the heads of its frames, and what else comes between them. */
const ROOM_FOR_HEADS = 65_536
/** Room for the bounds of messages at first: of 128. */
const MIN_BOUNDS = 256
/** Left in a full page, since the socket must always know a place to read to. */
const MIN_ROOM = 4_096

/**
 * Says where the content of bytes that were read to `from`..`to` ends, after moving it together: see
 * `DataFrames`.
 */
type Frames = { part(page: Uint8Array, from: number, to: number): number }

/**
 * Two pages of memory into which a call is read by turns: while the messages of one are looked at, the other
 * one is filled. Nothing is copied but the message that a page ends in the middle of, to the beginning of the
 * next; and no memory is left to the garbage collector.
 */
export class MessagePages {
  readonly #maxMessageBytes: number
  #page: Uint8Array
  #otherPage: Uint8Array
  /** Where the message begins that is not complete. */
  #begin = 0
  /** Where the content ends. */
  #end = 0
  /** Where messages lie, of the page that is being filled; kept for the next one, as the page is. */
  #bounds = new Int32Array(MIN_BOUNDS)
  #otherBounds = new Int32Array(MIN_BOUNDS)
  /** Which of them are of complete messages that are in no block yet. */
  #boundsFrom = 0
  #boundsTo = 0
  #done: MessageBlock[] = []
  /** A message that does not fit in a page, and how much of it is there. */
  #long: { readonly bytes: Uint8Array; length: number } | undefined

  constructor({ maxMessageBytes, windowBytes }: { maxMessageBytes: number; windowBytes: number }) {
    this.#maxMessageBytes = maxMessageBytes
    const size = MAX_IN_PAGE + windowBytes + ROOM_FOR_HEADS
    this.#page = new Uint8Array(size)
    this.#otherPage = new Uint8Array(size)
  }

  /** Where the next bytes may be read to. */
  get room(): Uint8Array {
    const { length } = this.#page
    if (this.isFull) return this.#page.subarray(this.#end)
    // The page may be turned before something is read: it must have room behind the rest of a message as
    // well.
    const end = Math.min(length, this.#end + length - MAX_IN_PAGE) - MIN_ROOM
    return this.#page.subarray(this.#end, end)
  }

  /** Nothing more is to be read until somebody has taken what there is. */
  get isFull(): boolean {
    return this.#page.length - this.#end <= MIN_ROOM
  }

  get isMidMessage(): boolean {
    return this.#long !== undefined || this.#end > this.#begin
  }

  /** Whether there are complete messages. */
  get hasMessages(): boolean {
    return this.#boundsTo > this.#boundsFrom || this.#done.length > 0
  }

  /**
   * Takes bytes that were read to `room`, and returns whether there was content among them. Throws what is
   * wrong with a message; those before it are complete.
   */
  take(bytes: Uint8Array, frames: Frames): boolean {
    const page = this.#page
    const from = this.#end
    const isHere = bytes.buffer === page.buffer && bytes.byteOffset === page.byteOffset + from
    if (!isHere) page.set(bytes, from)
    const end = frames.part(page, from, from + bytes.length)
    this.#end = end
    if (this.#long !== undefined) this.#continueLong()
    this.#cut()
    return end > from
  }

  /**
   * Hands out the complete messages, and goes on in the other page: what was handed out before is no longer
   * good.
   */
  turn(): MessageBlock[] {
    this.#endBlock()
    const blocks = this.#done
    this.#done = []
    const rest = this.#page.subarray(this.#begin, this.#end)
    this.#otherPage.set(rest)
    ;[this.#page, this.#otherPage] = [this.#otherPage, this.#page]
    ;[this.#bounds, this.#otherBounds] = [this.#otherBounds, this.#bounds]
    this.#boundsFrom = 0
    this.#boundsTo = 0
    this.#begin = 0
    this.#end = rest.length
    return blocks
  }

  #cut(): void {
    const page = this.#page
    let at = this.#begin
    while (this.#end - at >= HEAD) {
      this.#begin = at
      const length = measureFrame(page, at, this.#maxMessageBytes)
      if (at + length > this.#end) {
        if (length > MAX_IN_PAGE) this.#beginLong(length)
        return
      }
      this.#noteMessage(at + HEAD, at + length)
      at += length
    }
    this.#begin = at
  }

  #noteMessage(start: number, end: number): void {
    if (this.#boundsTo === this.#bounds.length) {
      const grown = new Int32Array(this.#bounds.length * 2)
      grown.set(this.#bounds)
      this.#bounds = grown
    }
    this.#bounds[this.#boundsTo++] = start
    this.#bounds[this.#boundsTo++] = end
  }

  /** What is complete in this page becomes a block. */
  #endBlock(): void {
    if (this.#boundsTo === this.#boundsFrom) return
    const bounds = this.#bounds.subarray(this.#boundsFrom, this.#boundsTo)
    this.#done.push({ bytes: this.#page, bounds })
    this.#boundsFrom = this.#boundsTo
  }

  #beginLong(length: number): void {
    this.#long = { bytes: new Uint8Array(length), length: 0 }
    this.#continueLong()
  }

  /** All that there is beyond complete messages belongs to it, as far as it goes. */
  #continueLong(): void {
    const long = this.#long
    if (long === undefined) return
    const part = this.#page.subarray(
      this.#begin,
      Math.min(this.#end, this.#begin + long.bytes.length - long.length),
    )
    long.bytes.set(part, long.length)
    long.length += part.length
    // Its place in the page is free again, unless messages lie before it.
    this.#begin += part.length
    if (!this.hasMessages && this.#begin === this.#end) {
      this.#begin = 0
      this.#end = 0
    }
    if (long.length < long.bytes.length) return
    this.#endBlock()
    this.#done.push({ bytes: long.bytes, bounds: [HEAD, long.length] })
    this.#long = undefined
  }
}
