import { isUtf8 } from 'node:buffer'
import { DecodeError } from './decode-error.ts'
import { ShortTextCache } from './short-text-cache.ts'

const WIRE_VARINT = 0
const WIRE_FIXED64 = 1
const WIRE_BYTES = 2
const WIRE_START_GROUP = 3
const WIRE_END_GROUP = 4
const WIRE_FIXED32 = 5

const EMPTY = Buffer.alloc(0)
const REPLACEMENT = '\ufffd'

/**
 * A cursor over protobuf wire bytes. Every read is checked against the end of the buffer, and accepts exactly
 * what protobuf-es 2.17 accepts, its leniencies included (varints of up to ten bytes for 32 bits, endless
 * varints in skipped fields, a field that runs over the end of the message around it): two decoders in one
 * process that read the same bytes differently would be worse than either rule.
 *
 * The whole message is turned into one latin1 string when it is loaded, and ASCII strings are cut out of
 * that: one call out of JavaScript for a message in place of one for each string. A cut of 13 characters or
 * more keeps the message's text alive, so copy what outlives the batch (`Map` keys of a process, for
 * example).
 */
export class WireReader {
  pos = 0
  end = 0
  #bytes: Buffer = EMPTY
  #text = ''
  #maxStringBytes = 0
  #maxShortBytes = 0
  readonly #cache = new ShortTextCache()

  /** Starts over with another message. The bytes are read in place, not copied. */
  load(bytes: Uint8Array, maxStringBytes: number): void {
    this.#bytes = toBuffer(bytes)
    this.#text = this.#bytes.toString('latin1')
    this.#maxStringBytes = maxStringBytes
    this.#maxShortBytes = Math.min(maxStringBytes, ShortTextCache.MAX_LENGTH)
    this.pos = 0
    this.end = bytes.length
  }

  /** Lets go of the message, so that an idle decoder pins no network buffer. */
  unload(): void {
    this.#bytes = EMPTY
    this.#text = ''
    this.pos = 0
    this.end = 0
  }

  /** A varint cut to its low 32 bits. */
  uint32(): number {
    const pos = this.pos
    if (pos >= this.end) throw new DecodeError('truncated')
    const first = byteAt(this.#bytes, pos)
    if (first < 0x80) {
      this.pos = pos + 1
      return first
    }
    return this.#longUint32()
  }

  #longUint32(): number {
    let value = 0
    for (let index = 0; index < 10; index++) {
      if (this.pos >= this.end) throw new DecodeError('truncated')
      const byte = byteAt(this.#bytes, this.pos++)
      if (index < 4) value |= (byte & 0x7f) << (7 * index)
      else if (index === 4) value |= (byte & 0x0f) << 28
      if (byte < 0x80) return value >>> 0
    }
    throw new DecodeError('bad_varint')
  }

  /** A field's number and wire type, as `number << 3 | type`. */
  tag(): number {
    const start = this.pos
    const tag = this.uint32()
    const size = this.pos - start
    const isTooWide = size > 5 || (size === 5 && byteAt(this.#bytes, this.pos - 1) > 0x0f)
    if (isTooWide || tag >>> 3 === 0 || (tag & 7) > WIRE_FIXED32) throw new DecodeError('bad_tag')
    return tag
  }

  /** A 64-bit varint's truth: only whether any of its bits is set matters. */
  bool(): boolean {
    let isSet = false
    for (let index = 0; index < 10; index++) {
      if (this.pos >= this.end) throw new DecodeError('truncated')
      const byte = byteAt(this.#bytes, this.pos++)
      const bits = index < 9 ? byte & 0x7f : byte & 0x01
      if (bits !== 0) isSet = true
      if (byte < 0x80) return isSet
    }
    throw new DecodeError('bad_varint')
  }

  /** Eight bytes as a number; NaN and the infinities are refused, because the value has to become JSON. */
  double(): number {
    const pos = this.pos
    if (this.end - pos < 8) throw new DecodeError('truncated')
    this.pos = pos + 8
    const value = this.#bytes.readDoubleLE(pos)
    if (!Number.isFinite(value)) throw new DecodeError('not_finite')
    return value
  }

  /** A value's string. */
  text(): string {
    const length = this.uint32()
    const start = this.pos
    if (length > this.end - start) throw new DecodeError('truncated')
    if (length > this.#maxStringBytes) throw new DecodeError('string_too_long')
    this.pos = start + length
    return this.#cut(start, start + length)
  }

  /**
   * A map key: like `text`, but short ones come from a cache, since the same few keys come again and again.
   */
  key(): string {
    const start = this.pos + 1
    const length = this.pos < this.end ? byteAt(this.#bytes, this.pos) : 0xff
    if (length > this.#maxShortBytes || length > this.end - start) return this.text()
    this.pos = start + length
    const cached = this.#cache.find(this.#bytes, start, length)
    if (cached !== undefined) return cached
    const key = this.#cut(start, start + length)
    if (key.length === length) this.#cache.keep(this.#bytes, start, length, key)
    return key
  }

  #cut(start: number, end: number): string {
    const bytes = this.#bytes
    for (let pos = start; pos < end; pos++) {
      // One comparison for both: 0 wraps to the far end, so only 1 to 127 pass.
      if ((byteAt(bytes, pos) - 1) >>> 0 > 0x7e) return this.#cutUtf8(start, end)
    }
    return this.#text.substring(start, end)
  }

  #cutUtf8(start: number, end: number): string {
    const bytes = this.#bytes.subarray(start, end)
    if (bytes.includes(0)) throw new DecodeError(isUtf8(bytes) ? 'nul_character' : 'bad_utf8')
    const text = bytes.toString('utf8')
    if (text.includes(REPLACEMENT) && !isUtf8(bytes)) throw new DecodeError('bad_utf8')
    return text
  }

  /**
   * Steps over a field that nobody knows. `groupLevels` is how many groups may still nest here: they are the
   * one thing in a skipped field that can be deep, and they are walked with a list, not with the call stack.
   */
  skip(tag: number, groupLevels: number): void {
    if ((tag & 7) === WIRE_START_GROUP) this.#skipGroup(tag, groupLevels)
    else this.#skipFlat(tag & 7)
  }

  #skipGroup(tag: number, groupLevels: number): void {
    const open: number[] = []
    let current = tag
    do {
      const type = current & 7
      if (type === WIRE_START_GROUP) {
        if (open.length >= groupLevels) throw new DecodeError('too_deep')
        open.push(current >>> 3)
      } else if (type === WIRE_END_GROUP) {
        if (open.pop() !== current >>> 3) throw new DecodeError('bad_group')
      } else {
        this.#skipFlat(type)
      }
      if (open.length > 0) current = this.tag()
    } while (open.length > 0)
  }

  #skipFlat(type: number): void {
    if (type === WIRE_END_GROUP) throw new DecodeError('bad_group')
    if (type === WIRE_VARINT) this.#skipVarint()
    else this.#skipBytes(type === WIRE_BYTES ? this.uint32() : type === WIRE_FIXED64 ? 8 : 4)
  }

  #skipBytes(size: number): void {
    if (size > this.end - this.pos) throw new DecodeError('truncated')
    this.pos += size
  }

  #skipVarint(): void {
    let byte = 0x80
    while (byte >= 0x80) {
      if (this.pos >= this.end) throw new DecodeError('truncated')
      byte = byteAt(this.#bytes, this.pos++)
    }
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Claims that the position was checked against the length before. */
function byteAt(bytes: Uint8Array, checkedPos: number): number {
  return bytes[checkedPos] as number
}
