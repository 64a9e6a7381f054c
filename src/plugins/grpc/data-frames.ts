/** Bytes before each frame of HTTP/2: length, type, flags, stream. */
const HEAD = 9
const DATA = 0
const END_STREAM = 0x1
const PADDED = 0x8

/**
 * Parts the bytes of an HTTP/2 connection: what DATA frames hold from everything else. Contents are moved
 * together where they were read, so that messages lie in one piece however the other side has cut its frames.
 */
export class DataFrames {
  readonly #pass: (bytes: Uint8Array) => void
  readonly #head = Buffer.alloc(HEAD)
  #headLength = 0
  /** Of the frame that is being read, what is still to come of it. */
  #left = 0
  #isData = false
  /** Of it, what stands behind the content; undefined until the byte has come that says so. */
  #padding: number | undefined = 0
  #isDropped = false

  /** `pass` is given all other bytes, in their order; they must be copied to be kept. */
  constructor(pass: (bytes: Uint8Array) => void) {
    this.#pass = pass
  }

  /** The stream to which the last DATA belonged. */
  streamId = 0
  /** What DATA has counted for flow control, since the one who gives it back has set it to zero. */
  received = 0

  /** Contents are not wanted any more: from now on there are none. */
  drop(): void {
    this.#isDropped = true
  }

  /**
   * Goes through bytes that were read to `from`..`to`. The contents lie from `from` on afterwards; returns
   * where they end.
   */
  part(bytes: Uint8Array, from: number, to: number): number {
    let end = from
    for (let at = from; at < to; ) {
      if (this.#left === 0) {
        at += this.#readHead(bytes, at, to)
        continue
      }
      const content = this.#isData ? this.#left - (this.#padding ?? 0) : 0
      const length = Math.min(to - at, content > 0 ? content : this.#left)
      if (!this.#isData) this.#pass(bytes.subarray(at, at + length))
      else if (this.#padding === undefined) {
        this.#readPadding(bytes[at] ?? 0)
        at++
        continue
      } else if (content > 0) {
        if (end < at) bytes.copyWithin(end, at, at + length)
        end += length
      }
      at += length
      this.#advance(length)
    }
    return this.#isDropped ? from : end
  }

  /** Returns how many bytes of the head there were. */
  #readHead(bytes: Uint8Array, at: number, to: number): number {
    const length = Math.min(HEAD - this.#headLength, to - at)
    // By place: a view for each frame is more work than these few bytes.
    for (let byte = 0; byte < length; byte++) this.#head[this.#headLength++] = bytes[at + byte] ?? 0
    if (this.#headLength < HEAD) return length
    this.#headLength = 0
    this.#left = this.#head.readUIntBE(0, 3)
    this.#isData = this.#head[3] === DATA
    if (!this.#isData) {
      this.#pass(this.#head)
      return length
    }
    this.streamId = this.#head.readUInt32BE(5) & 0x7fffffff
    this.received += this.#left
    this.#padding = this.#flags & PADDED ? undefined : 0
    if (this.#left === 0) this.#endFrame()
    return length
  }

  get #flags(): number {
    return this.#head[4] ?? 0
  }

  #readPadding(length: number): void {
    // More than there is would be a fault of the other side, and what is cut off then is not its content
    // either.
    this.#padding = Math.min(length, this.#left - 1)
    this.#advance(1)
  }

  #advance(length: number): void {
    this.#left -= length
    if (this.#isData && this.#left === 0) this.#endFrame()
  }

  /** That the stream ends with this frame is said by an empty one. */
  #endFrame(): void {
    if ((this.#flags & END_STREAM) === 0) return
    const empty = Buffer.from(this.#head)
    empty.writeUIntBE(0, 0, 3)
    empty[4] = END_STREAM
    this.#pass(empty)
  }
}
