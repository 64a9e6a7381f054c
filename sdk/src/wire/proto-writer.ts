const FIRST_BYTES = 64 * 1024
const ASCII_LOOP_CHARS = 64
/** Room that every write of fixed size makes sure of: a number, a length of ten bytes and a tag. */
const FIXED_BYTES = 24

/**
 * Writes protobuf from its end to its beginning. Every length is then known when it is written, so nested
 * messages need neither a pass that measures them nor a copy. One writer is reused for all messages of a
 * process. Tags are those of fields below 16, which are one byte.
 */
export class ProtoWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #start = FIRST_BYTES

  /** Bytes written so far; what came between two readings is as long as their difference. */
  get length(): number {
    return this.#bytes.length - this.#start
  }

  /** Forgets the message, keeps the memory. */
  reset(): void {
    this.#start = this.#bytes.length
  }

  /** The message where it lies: good until the writer writes again. */
  view(): Uint8Array {
    return this.#bytes.subarray(this.#start)
  }

  /** A copy of the message, safe to keep. */
  toBytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.length)
    this.#bytes.copy(bytes, 0, this.#start)
    return bytes
  }

  /** A field that holds a small number, such as an enum or a bool. */
  small(tag: number, value: number): void {
    this.#reserve(FIXED_BYTES)
    this.#bytes[--this.#start] = value
    this.#bytes[--this.#start] = tag
  }

  double(tag: number, value: number): void {
    this.#reserve(FIXED_BYTES)
    this.#start -= 8
    this.#view.setFloat64(this.#start, value, true)
    this.#bytes[--this.#start] = tag
  }

  /** A text field. Half a surrogate pair becomes U+FFFD, because protobuf refuses broken UTF-8. */
  text(tag: number, value: string): void {
    const chars = value.length
    this.#reserve(chars + FIXED_BYTES)
    if (chars <= ASCII_LOOP_CHARS && this.#shortAscii(value, chars)) {
      this.#bytes[--this.#start] = chars
      this.#bytes[--this.#start] = tag
      return
    }
    const length = Buffer.byteLength(value)
    this.#reserve(length + FIXED_BYTES)
    this.#start -= length
    this.#bytes.write(value, this.#start, length, 'utf8')
    this.#prefix(tag, length)
  }

  /**
   * Whole fields that are encoded already. They are short, and for short ones a loop beats a call into the
   * runtime.
   */
  bytes(encoded: Uint8Array): void {
    this.#reserve(encoded.length)
    this.#copy(encoded)
  }

  /**
   * Makes an entry of a map, whose tag this is, of everything written since the writer had that length: its
   * value, before which comes the encoded key. All in one, because nothing happens as often.
   */
  closeEntry(tag: number, key: Uint8Array, valueTag: number, lengthBefore: number): void {
    this.#reserve(key.length + 2 * FIXED_BYTES)
    const valueBytes = this.#bytes.length - this.#start - lengthBefore
    this.#prefix(valueTag, valueBytes)
    this.#copy(key)
    this.#prefix(tag, this.#bytes.length - this.#start - lengthBefore)
  }

  #copy(encoded: Uint8Array): void {
    const count = encoded.length
    const from = this.#start - count
    const bytes = this.#bytes
    for (let index = 0; index < count; index++) bytes[from + index] = encoded[index] ?? 0
    this.#start = from
  }

  /** A field whose content is encoded already. */
  raw(tag: number, content: Uint8Array): void {
    this.#reserve(content.length + FIXED_BYTES)
    this.#start -= content.length
    this.#bytes.set(content, this.#start)
    this.#prefix(tag, content.length)
  }

  /** Makes a field of everything written since the writer had that length. */
  close(tag: number, lengthBefore: number): void {
    this.#reserve(FIXED_BYTES)
    this.#prefix(tag, this.#bytes.length - this.#start - lengthBefore)
  }

  /** Length and tag of the field whose content has just been written; the room was made by the caller. */
  #prefix(tag: number, length: number): void {
    const bytes = this.#bytes
    if (length < 0x80) {
      bytes[--this.#start] = length
    } else if (length < 0x4000) {
      bytes[--this.#start] = length >>> 7
      bytes[--this.#start] = (length & 0x7f) | 0x80
    } else {
      this.#start -= varintBytes(length)
      let at = this.#start
      let rest = length
      for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80
      bytes[at] = rest
    }
    this.#bytes[--this.#start] = tag
  }

  /** For short ASCII, which most keys and values are, a loop beats the call into the runtime threefold. */
  #shortAscii(value: string, chars: number): boolean {
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

  #reserve(count: number): void {
    if (count <= this.#start) return
    const used = this.length
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, used + count))
    this.#bytes.copy(grown, grown.length - used, this.#start)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
    this.#start = grown.length - used
  }
}

function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest >= 0x80; rest >>>= 7) count++
  return count
}
