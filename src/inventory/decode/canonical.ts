import { hash } from 'node:crypto'
import type { JsonObject, JsonValue } from './json.ts'

/**
 * The hash of a JSON value's content, as text for PostgreSQL's uuid type: 128 bits of SHA-256. Equal for
 * values that are equal as JSON: keys in any order, -0 and 0, `1` and `1.0`; lists keep their order. Absent
 * and null differ.
 *
 * The value is written into one reused buffer in a form that can be read in one way only (every string, list
 * and object carries its length first) and hashed in one call. Measured for a 2 KB document with shuffled
 * keys: 11 µs, 17 µs as a string with sorted keys. Changing the form changes every stored content hash: all
 * resources would count as updated once.
 *
 * The value must be well-formed text within a sane depth, as everything from `decodeResource` is.
 */
export function canonicalHash(value: JsonValue): string {
  return formatUuid(hash('sha256', writer.write(value), 'hex'))
}

/** Sixteen bytes in the text form of PostgreSQL's uuid type. */
export function toUuid(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError(`a uuid has 16 bytes, not ${bytes.length}`)
  return formatUuid(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex'))
}

/**
 * In memory of its own: put together from slices it would be a tree of strings, ten times as large until
 * somebody reads it.
 */
function formatUuid(hex: string): string {
  let at = 0
  for (let digit = 0; digit < 32; digit++) {
    if (digit === 8 || digit === 12 || digit === 16 || digit === 20) uuidText[at++] = DASH
    uuidText[at++] = hex.charCodeAt(digit)
  }
  return uuidText.toString('latin1')
}

const DASH = 0x2d
const uuidText = Buffer.alloc(36)

const NULL = 0
const FALSE = 1
const TRUE = 2
const NUMBER = 3
const STRING = 4
const LIST = 5
const OBJECT = 6

const INITIAL_BYTES = 64 * 1024
/** A buffer that one huge document made larger than this is not kept for the next one. */
const MAX_KEPT_BYTES = 1024 * 1024
/** Longer strings go through the engine's own encoder; for shorter ones the call costs more than a loop. */
const MAX_LOOP_LENGTH = 48
/** A varint takes at most 5 bytes, a mark 1, a number 8: no fixed-size write needs more. */
const FIXED_ROOM = 16

class CanonicalWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES)
  #pos = 0
  readonly #number = new DataView(new ArrayBuffer(8))

  /** The bytes of one value, valid until the next call. */
  write(value: JsonValue): Uint8Array {
    this.#pos = 0
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(INITIAL_BYTES)
    this.#value(value)
    return this.#bytes.subarray(0, this.#pos)
  }

  #value(value: JsonValue): void {
    this.#reserve(FIXED_ROOM)
    if (typeof value === 'string') {
      this.#bytes[this.#pos++] = STRING
      this.#text(value)
    } else if (typeof value === 'number') {
      this.#double(value)
    } else if (value === null) {
      this.#bytes[this.#pos++] = NULL
    } else if (typeof value === 'boolean') {
      this.#bytes[this.#pos++] = value ? TRUE : FALSE
    } else if (Array.isArray(value)) {
      this.#bytes[this.#pos++] = LIST
      this.#count(value.length)
      for (const item of value) this.#value(item)
    } else if (typeof value === 'object') {
      this.#object(value)
    } else {
      throw new TypeError(`a value of type ${typeof value} is not JSON and has no content hash`)
    }
  }

  #object(value: JsonObject): void {
    const keys = sortKeys(Object.keys(value))
    this.#bytes[this.#pos++] = OBJECT
    this.#count(keys.length)
    for (const key of keys) {
      this.#text(key)
      this.#value(present(value[key]))
    }
  }

  #double(value: number): void {
    // Adding 0 turns -0 into 0.
    this.#number.setFloat64(0, value + 0)
    const bytes = this.#bytes
    let pos = this.#pos
    bytes[pos++] = NUMBER
    for (let index = 0; index < 8; index++) bytes[pos++] = this.#number.getUint8(index)
    this.#pos = pos
  }

  /**
   * The length is that of the string, not of its bytes: it is known before they are, and tells strings apart
   * as well.
   */
  #text(text: string): void {
    const length = text.length
    this.#reserve(length * 3 + FIXED_ROOM)
    this.#count(length)
    const bytes = this.#bytes
    const start = this.#pos
    if (length <= MAX_LOOP_LENGTH) {
      let index = 0
      for (; index < length; index++) {
        const code = text.charCodeAt(index)
        if (code > 0x7f) break
        bytes[start + index] = code
      }
      if (index === length) {
        this.#pos = start + length
        return
      }
    }
    this.#pos = start + bytes.write(text, start)
  }

  #count(count: number): void {
    let rest = count
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#pos++] = (rest & 0x7f) | 0x80
    this.#bytes[this.#pos++] = rest
  }

  #reserve(size: number): void {
    if (this.#bytes.length - this.#pos >= size) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#pos + size))
    grown.set(this.#bytes.subarray(0, this.#pos))
    this.#bytes = grown
  }
}

const writer = new CanonicalWriter()

/** Most objects have a handful of keys, for which sorting by insertion takes half the time of `sort`. */
function sortKeys(keys: string[]): string[] {
  if (keys.length > 24) return keys.sort()
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index] ?? ''
    let hole = index
    for (; hole > 0; hole--) {
      const before = keys[hole - 1] ?? ''
      if (before <= key) break
      keys[hole] = before
    }
    keys[hole] = key
  }
  return keys
}

function present(value: JsonValue | undefined): JsonValue {
  if (value === undefined)
    throw new TypeError('a value of type undefined is not JSON and has no content hash')
  return value
}
