const FIRST_BYTES = 64 * 1024
const ASCII_LOOP_CHARS = 64
const WIDEST_FIXED_FIELD = 24

/**
 * Writes protobuf from its end to its beginning. Every length prefix is then known when it is written, so nested
 * messages need neither a pass that measures them nor a copy. One writer is reused for all messages of a process.
 */
export class ProtoWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #start = FIRST_BYTES

  /** Bytes written so far; the difference of two readings is the length of what came between. */
  get length(): number {
    return this.#bytes.length - this.#start
  }

  /** Forgets the message, keeps the memory. */
  reset(): void {
    this.#start = this.#bytes.length
  }

  /** A copy of the message, safe to keep. */
  toBytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#start))
  }

  /** One byte: a tag of a field below 16, or a small value. */
  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[--this.#start] = value
  }

  varint(value: number): void {
    this.#reserve(WIDEST_FIXED_FIELD)
    if (value < 0x80) {
      this.#bytes[--this.#start] = value
      return
    }
    this.#start -= varintBytes(value)
    let at = this.#start
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[at] = rest
  }

  double(value: number): void {
    this.#reserve(WIDEST_FIXED_FIELD)
    this.#start -= 8
    this.#bytes.writeDoubleLE(value, this.#start)
  }

  /** A length-delimited text. Half a surrogate pair becomes U+FFFD, because protobuf refuses broken UTF-8. */
  text(value: string): void {
    const chars = value.length
    if (chars > ASCII_LOOP_CHARS || !this.#shortAscii(value)) this.#utf8(value)
    else this.varint(chars)
  }

  /** Bytes that were encoded before. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#start -= bytes.length
    this.#bytes.set(bytes, this.#start)
  }

  /** For short ASCII, which most keys and values are, a loop beats the call into the runtime threefold. */
  #shortAscii(value: string): boolean {
    const chars = value.length
    this.#reserve(chars)
    const bytes = this.#bytes
    const from = this.#start - chars
    for (let index = 0; index < chars; index++) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[from + index] = code
    }
    this.#start = from
    return true
  }

  #utf8(value: string): void {
    const length = Buffer.byteLength(value)
    this.#reserve(length)
    this.#start -= length
    this.#bytes.write(value, this.#start, length, 'utf8')
    this.varint(length)
  }

  #reserve(count: number): void {
    if (count <= this.#start) return
    const used = this.length
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, used + count))
    this.#bytes.copy(grown, grown.length - used, this.#start)
    this.#bytes = grown
    this.#start = grown.length - used
  }
}

function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) count++
  return count
}
