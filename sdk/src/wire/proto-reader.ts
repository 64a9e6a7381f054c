/** Bytes that are no valid message. */
export class MalformedMessage extends Error {}

export type WireType = 0 | 1 | 2 | 5

export type Tag = { readonly field: number; readonly wireType: WireType }

const MAX_VARINT_BYTES = 10
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads protobuf from a range of bytes and never beyond it, whatever the lengths inside claim. */
export class ProtoReader {
  readonly #bytes: Uint8Array
  #at: number
  readonly #end: number

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = from
    this.#end = end
  }

  get hasMore(): boolean {
    return this.#at < this.#end
  }

  tag(): Tag {
    const value = this.varint()
    const wireType = value & 7
    const field = Math.floor(value / 8)
    if (field < 1 || field > 2 ** 29 - 1) throw new MalformedMessage(`field number ${field} is out of range`)
    if (wireType === 0 || wireType === 1 || wireType === 2 || wireType === 5) return { field, wireType }
    throw new MalformedMessage(`wire type ${wireType} is not supported`)
  }

  /** Exact up to 2^53, which covers every length, tag and enum; higher bits of larger numbers are lost. */
  varint(): number {
    let value = 0
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#next()
      value += (byte & 0x7f) * 2 ** (7 * index)
      if (byte < 0x80) return value
    }
    throw new MalformedMessage('a varint is longer than ten bytes')
  }

  double(): number {
    const at = this.#advance(8)
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + at, 8).getFloat64(0, true)
  }

  text(): string {
    const length = this.varint()
    const at = this.#advance(length)
    try {
      return decoder.decode(this.#bytes.subarray(at, at + length))
    } catch {
      throw new MalformedMessage('a text is not valid UTF-8')
    }
  }

  /** A reader of the message that comes next. */
  message(): ProtoReader {
    const length = this.varint()
    const at = this.#advance(length)
    return new ProtoReader(this.#bytes, at, at + length)
  }

  /** Passes over a field that the reader does not know. */
  skip(wireType: WireType): void {
    if (wireType === 0) this.varint()
    else if (wireType === 1) this.#advance(8)
    else if (wireType === 2) this.#advance(this.varint())
    else this.#advance(4)
  }

  #next(): number {
    return this.#bytes[this.#advance(1)] ?? 0
  }

  #advance(count: number): number {
    const at = this.#at
    if (count > this.#end - at) throw new MalformedMessage('a field ends beyond its message')
    this.#at = at + count
    return at
  }
}
