import { status } from '@grpc/grpc-js'
import { CallError } from './call-error.ts'

/** A flag byte and the length, big-endian. */
const HEAD = 5

/**
 * Cuts the byte stream of a gRPC call into messages. A message that lies within one chunk is handed out as a view of it, uncopied;
 * one that spans chunks is put together once, when its last byte is there.
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

  /** Appends the messages that this chunk completes to `into`. */
  read(chunk: Buffer, into: Uint8Array[]): void {
    let rest = this.isMidMessage ? this.#continue(chunk, into) : chunk
    while (rest.length >= HEAD) {
      const frameLength = this.#measure(rest)
      if (rest.length < frameLength) break
      into.push(rest.subarray(HEAD, frameLength))
      rest = rest.subarray(frameLength)
    }
    if (rest.length > 0) this.#keep(rest)
  }

  /** Takes what belongs to the message begun earlier and returns what is left of the chunk. */
  #continue(chunk: Buffer, into: Uint8Array[]): Buffer {
    let rest = chunk
    if (this.#frameLength === undefined) {
      const missing = HEAD - this.#partsLength
      this.#keep(rest.subarray(0, missing))
      rest = rest.subarray(missing)
      if (this.#frameLength === undefined) return rest
    }
    const missing = this.#frameLength - this.#partsLength
    if (missing > 0) this.#keep(rest.subarray(0, missing))
    if (this.#partsLength < this.#frameLength) return rest.subarray(rest.length)
    into.push(Buffer.concat(this.#parts).subarray(HEAD))
    this.#parts = []
    this.#partsLength = 0
    this.#frameLength = undefined
    return rest.subarray(missing)
  }

  #keep(bytes: Buffer): void {
    this.#parts.push(bytes)
    this.#partsLength += bytes.length
    if (this.#frameLength !== undefined || this.#partsLength < HEAD) return
    const [first] = this.#parts
    this.#frameLength = this.#measure(
      first !== undefined && first.length >= HEAD ? first : Buffer.concat(this.#parts),
    )
  }

  #measure(head: Buffer): number {
    const length = head.readUInt32BE(1)
    if (head[0] !== 0) {
      throw new CallError(
        status.INTERNAL,
        'ERROR_PLUGIN_FRAME: it sent a compressed message, or bytes that frame none',
      )
    }
    if (length <= this.#maxMessageBytes) return HEAD + length
    throw new CallError(
      status.FAILED_PRECONDITION,
      `ERROR_PLUGIN_MESSAGE_SIZE: it sent a message of ${length} bytes, and this server accepts ${this.#maxMessageBytes}; let it put less into one resource`,
    )
  }
}
