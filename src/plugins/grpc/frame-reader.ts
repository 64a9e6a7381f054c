import { type MessageBlock, toBlock } from '../../core/message-block.ts'
import { CallError } from './call-error.ts'
import { status } from './status.ts'

/** A flag byte and the length, big-endian. */
const HEAD = 5

/**
 * Cuts the byte stream of a gRPC call into messages. Those that lie within one chunk are handed out as places
 * in it, uncopied; one that spans chunks is put together once, when its last byte is there.
 */
export class FrameReader {
  readonly #maxMessageBytes: number
  /** Bytes of a message (with its head) that is not complete. */
  #parts: Buffer[] = []
  #partsLength = 0
  /** How long that message will be with its head; unknown while its head is incomplete. */
  #frameLength: number | undefined

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Whether the bytes so far end in the middle of a message. */
  get isMidMessage(): boolean {
    return this.#partsLength > 0
  }

  /** Whether the beginning of that message lies in this memory. */
  holds(memory: ArrayBufferLike): boolean {
    return this.#parts.some(({ buffer }) => buffer === memory)
  }

  /** Appends the messages that this chunk completes to `into`. */
  read(chunk: Buffer, into: MessageBlock[]): void {
    let at = this.isMidMessage ? this.#continue(chunk, into) : 0
    const bounds: number[] = []
    while (chunk.length - at >= HEAD) {
      const end = at + measureFrame(chunk, at, this.#maxMessageBytes)
      if (end > chunk.length) break
      // At once, since the next head may be refused.
      if (bounds.length === 0) into.push({ bytes: chunk, bounds })
      bounds.push(at + HEAD, end)
      at = end
    }
    if (at < chunk.length) this.#keep(chunk.subarray(at))
  }

  /** Takes what belongs to the message begun earlier; returns where the rest of the chunk begins. */
  #continue(chunk: Buffer, into: MessageBlock[]): number {
    let at = 0
    if (this.#frameLength === undefined) {
      at = Math.min(HEAD - this.#partsLength, chunk.length)
      this.#keep(chunk.subarray(0, at))
      if (this.#frameLength === undefined) return at
    }
    const end = Math.min(at + this.#frameLength - this.#partsLength, chunk.length)
    if (end > at) this.#keep(chunk.subarray(at, end))
    if (this.#partsLength < this.#frameLength) return end
    into.push(toBlock(this.#join().subarray(HEAD)))
    this.#parts = []
    this.#partsLength = 0
    this.#frameLength = undefined
    return end
  }

  /** In memory of its own, which can be given back. */
  #join(): Buffer {
    const whole = Buffer.allocUnsafeSlow(this.#partsLength)
    let at = 0
    for (const part of this.#parts) at += part.copy(whole, at)
    return whole
  }

  #keep(bytes: Buffer): void {
    this.#parts.push(bytes)
    this.#partsLength += bytes.length
    if (this.#frameLength !== undefined || this.#partsLength < HEAD) return
    const [first] = this.#parts
    const head = first !== undefined && first.length >= HEAD ? first : Buffer.concat(this.#parts)
    this.#frameLength = measureFrame(head, 0, this.#maxMessageBytes)
  }
}

/** How long the message is that begins at a place, with its head. Throws where it may not be sent to us. */
export function measureFrame(bytes: Uint8Array, at: number, maxMessageBytes: number): number {
  const high = (bytes[at + 1] ?? 0) * 0x1000000
  const length = high + (((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0))
  if (bytes[at] !== 0) {
    throw new CallError(
      status.INTERNAL,
      'ERROR_PLUGIN_FRAME: it sent a compressed message, or bytes that frame none',
    )
  }
  if (length <= maxMessageBytes) return HEAD + length
  throw new CallError(
    status.FAILED_PRECONDITION,
    `ERROR_PLUGIN_MESSAGE_SIZE: it sent a message of ${length} bytes, and this server accepts ${maxMessageBytes}; let it put less into one resource`,
  )
}
