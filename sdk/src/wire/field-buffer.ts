/** At most this comes before a field: a tag of one below 16, and the length of what is shorter than 2^31. */
export const HEAD_BYTES = 6

/** Gathers encoded messages as fields of one, in the order they come, with one copy of each. */
export class FieldBuffer {
  readonly #firstBytes: number
  #bytes: Buffer = Buffer.alloc(0)
  /** Bytes gathered since they were last taken. */
  length = 0

  /** Room that is made for the first field; more is made when it is needed. */
  constructor(firstBytes: number) {
    this.#firstBytes = firstBytes
  }

  add(tag: number, message: Uint8Array): void {
    this.#reserve(message.length + HEAD_BYTES)
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

  /** What was gathered; it is the caller's, and the next field begins anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length)
    this.#bytes = Buffer.alloc(0)
    this.length = 0
    return taken
  }

  #reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#firstBytes, needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.length))
    this.#bytes = grown
  }
}
