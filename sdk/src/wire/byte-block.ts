import { FRAME_HEAD_BYTES, writeFrameHead } from '../grpc/frame.ts'

/** At most this comes before a field: a tag of one below 16, and the length of what is shorter than 2^31. */
export const FIELD_HEAD_BYTES = 6

/**
 * Gathers encoded messages in one stretch of memory, in the order they come, with one copy of each. Memory
 * that was sent serves again.
 */
export class ByteBlock {
  readonly #firstBytes: number
  readonly #spare: Buffer[] = []
  #bytes: Buffer = Buffer.alloc(0)
  /** Bytes gathered since they were last taken. */
  length = 0

  /** Room that is made for the first message; more is made when it is needed. */
  constructor(firstBytes: number) {
    this.#firstBytes = firstBytes
  }

  /** Adds a message as gRPC sends it. */
  addFrame(message: Uint8Array): void {
    this.openFrame(message.length)
    this.#bytes.set(message, this.length)
    this.length += message.length
  }

  /** Begins a message of the bytes that are added up to `closeFrame`. */
  openFrame(expectedBytes = 0): void {
    this.#reserve(FRAME_HEAD_BYTES + expectedBytes)
    writeFrameHead(this.#bytes, this.length, expectedBytes)
    this.length += FRAME_HEAD_BYTES
  }

  /** Ends the message that everything gathered is. */
  closeFrame(): void {
    writeFrameHead(this.#bytes, 0, this.length - FRAME_HEAD_BYTES)
  }

  /** Adds a message as a field of another one. */
  addField(tag: number, message: Uint8Array): void {
    this.#reserve(message.length + FIELD_HEAD_BYTES)
    const bytes = this.#bytes
    let at = this.length
    let rest = message.length
    bytes[at++] = tag
    for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80
    bytes[at++] = rest
    bytes.set(message, at)
    this.length = at + message.length
  }

  /** Adds fields that have their heads already. */
  append(fields: Uint8Array): void {
    this.#reserve(fields.length)
    this.#bytes.set(fields, this.length)
    this.length += fields.length
  }

  /** What was gathered; it is the caller's, and the next message begins anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length)
    this.#bytes = Buffer.alloc(0)
    this.length = 0
    return taken
  }

  /** Takes back what was taken, when nobody reads it any more. */
  reuse(taken: Buffer): void {
    if (taken.buffer.byteLength === this.#firstBytes) this.#spare.push(Buffer.from(taken.buffer))
  }

  #reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.#bytes.length) return
    const spare = needed <= this.#firstBytes ? this.#spare.pop() : undefined
    const grown = spare ?? Buffer.allocUnsafeSlow(Math.max(this.#firstBytes, needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.length))
    this.#bytes = grown
  }
}
