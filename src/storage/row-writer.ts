/** Room for a field of fixed size with its length. */
const FIXED_ROOM = 32
const INITIAL_BYTES = 64 * 1024

/** Field count of the end of a COPY. */
export const COPY_TRAILER = -1
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Two words after the signature: flags, and the length of an extension of the header. There is neither. */
export const COPY_HEADER_BYTES = SIGNATURE.length + 8
const NULL = -1
/** Shorter pieces of a string are copied when they are cut; longer ones refer to the whole. */
const MIN_CUT = 13

/** Type number of text in PostgreSQL's catalog. */
const TEXT_OID = 25
/** timestamptz counts microseconds from 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH_MS = 946_684_800_000n

/**
 * Writes rows in the binary format of COPY into memory that is used again: `clear` begins anew, and what was
 * written before is then gone. A field has its length in front of it, so that fields which were written once
 * can be put into any row as they are.
 */
export class RowWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES)
  #end = 0

  clear(): void {
    this.#end = 0
  }

  /** What has been written; a view, valid until something more is. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#end)
  }

  get length(): number {
    return this.#end
  }

  /** Must come before the first row. */
  header(): void {
    this.#reserve(COPY_HEADER_BYTES)
    this.#bytes.set(SIGNATURE, this.#end)
    this.#bytes.fill(0, this.#end + SIGNATURE.length, this.#end + COPY_HEADER_BYTES)
    this.#end += COPY_HEADER_BYTES
  }

  /** Must come behind the last row. */
  trailer(): void {
    this.row(COPY_TRAILER)
  }

  /** Begins a row. */
  row(fieldCount: number): void {
    this.#reserve(FIXED_ROOM)
    this.#end = this.#bytes.writeInt16BE(fieldCount, this.#end)
  }

  null(): void {
    this.#reserve(FIXED_ROOM)
    this.#end = this.#bytes.writeInt32BE(NULL, this.#end)
  }

  /** Fields as another writer wrote them. */
  fields(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /**
   * Returns the text as read back from what was written: a string of its own, which keeps no longer one alive
   * that it was cut from.
   */
  text(value: string): string {
    const { length } = value
    this.#reserve(length * 3 + FIXED_ROOM)
    const start = this.#end + 4
    const end = start + this.#bytes.write(value, start)
    this.#end = end
    this.#bytes.writeInt32BE(end - start, start - 4)
    if (length < MIN_CUT) return value
    return this.#bytes.toString(end - start === length ? 'latin1' : 'utf8', start, end)
  }

  /** One byte names the version of jsonb's format, the JSON text follows. */
  jsonb(json: string): void {
    this.#reserve(json.length * 3 + FIXED_ROOM)
    const start = this.#end + 4
    const textStart = this.#bytes.writeUInt8(1, start)
    this.#end = textStart + this.#bytes.write(json, textStart)
    this.#bytes.writeInt32BE(this.#end - start, start - 4)
  }

  /** Returns the texts as `text` does. */
  textArray(values: readonly string[]): string[] {
    this.#reserve(FIXED_ROOM)
    const start = this.#end + 4
    this.#end = start
    for (const word of [values.length === 0 ? 0 : 1, 0, TEXT_OID]) this.#int32(word)
    if (values.length > 0) for (const word of [values.length, 1]) this.#int32(word)
    const kept = values.map((value) => this.text(value))
    this.#bytes.writeInt32BE(this.#end - start, start - 4)
    return kept
  }

  float8(value: number): void {
    this.#reserve(FIXED_ROOM)
    this.#end = this.#bytes.writeDoubleBE(value, this.#bytes.writeInt32BE(8, this.#end))
  }

  boolean(value: boolean): void {
    this.#reserve(FIXED_ROOM)
    this.#end = this.#bytes.writeUInt8(value ? 1 : 0, this.#bytes.writeInt32BE(1, this.#end))
  }

  int8(value: number): void {
    this.#int64(BigInt(value))
  }

  timestamptz(value: Date): void {
    this.#int64((BigInt(value.getTime()) - POSTGRES_EPOCH_MS) * 1_000n)
  }

  #int64(value: bigint): void {
    this.#reserve(FIXED_ROOM)
    this.#end = this.#bytes.writeBigInt64BE(value, this.#bytes.writeInt32BE(8, this.#end))
  }

  #int32(value: number): void {
    this.#reserve(FIXED_ROOM)
    this.#end = this.#bytes.writeInt32BE(value, this.#end)
  }

  #reserve(size: number): void {
    if (this.#bytes.length - this.#end >= size) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + size))
    grown.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = grown
  }
}

/** The bytes of each of the first `count` fields that a writer wrote; undefined for null. */
export function* readFields(bytes: Uint8Array, count: number): Generator<Buffer | undefined> {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (let field = 0; field < count; field++) {
    const length = source.readInt32BE(at)
    at += 4
    if (length === NULL) {
      yield undefined
    } else {
      yield source.subarray(at, at + length)
      at += length
    }
  }
}
