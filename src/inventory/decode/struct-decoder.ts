import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { DecodeError, toPath } from './decode-error.ts'
import { isJsonObject, setKey } from './json.ts'
import { WireReader } from './wire-reader.ts'

/**
 * How much one message may hold. Defaults are far above what real resources need and below what PostgreSQL
 * refuses.
 */
export type DecodeLimits = {
  /** Levels of objects and lists inside each other, the outermost counted. Default 100. */
  readonly maxDepth: number
  /** Map entries and list items together, in one message. Default 200,000. */
  readonly maxValues: number
  /** Bytes of one string or key. Default 16 MiB. */
  readonly maxStringBytes: number
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxDepth: 100,
  maxValues: 200_000,
  maxStringBytes: 16 * 1024 * 1024,
}

/** Decodes the bytes of a `google.protobuf.Struct` to a JSON object. Throws `DecodeError`. */
export function decodeStruct(bytes: Uint8Array, limits: DecodeLimits = DEFAULT_DECODE_LIMITS): JsonObject {
  return structDecoder.decode(bytes, limits, (decoder, reader) => {
    const target: JsonObject = {}
    decoder.readStructBody(target, 1, reader.end)
    return target
  })
}

/**
 * Turns Struct, Value and ListValue from the wire into plain JSON values in one pass, with the value and the
 * verdict of protobuf-es 2.17 for every input (fuzzed), but for what JSON or PostgreSQL cannot hold: NaN,
 * infinities, U+0000, and more than the limits allow.
 *
 * A repeated key keeps the last value; a value that is set twice keeps the last kind, except that a struct
 * upon a struct merges by key and a list upon a list appends.
 *
 * Objects are plain ones, as `JSON.parse` makes them: a null prototype costs V8's dictionary mode here and
 * again in every later `JSON.stringify`. A key `__proto__` becomes an own property and changes no prototype.
 * Whoever copies keys of such an object into another uses `setKey`.
 *
 * The call stack grows with the data, but never beyond `maxDepth`, because depth is checked before each
 * descent.
 */
export class StructDecoder {
  readonly reader = new WireReader()
  /** Whether a map of the message had a key twice, or was there in pieces. */
  hasRepeats = false
  #maxMessages = 0
  #valuesLeft = 0
  #level = 0
  readonly #path: (string | number)[] = []

  /** Runs one decode over these bytes, and gives a refusal the path that was reached. */
  decode<T>(
    bytes: Uint8Array,
    limits: DecodeLimits,
    read: (decoder: StructDecoder, reader: WireReader) => T,
  ): T {
    this.reader.load(bytes, limits.maxStringBytes)
    // A JSON level is two messages on the wire (a Struct or ListValue, and the Value around its content).
    this.#maxMessages = limits.maxDepth * 2
    this.#valuesLeft = limits.maxValues
    this.#level = 0
    this.hasRepeats = false
    try {
      return read(this, this.reader)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      throw new DecodeError(error.reason, toPath(this.#path.slice(0, this.#level)))
    } finally {
      this.reader.unload()
      this.#path.length = 0
    }
  }

  /** Names the field that is being read, for the path of a refusal. */
  enter(step: string | number): void {
    this.#path[this.#level++] = step
  }

  leave(): void {
    this.#level--
  }

  /** Reads a length and a Struct into `target`. `depth` counts messages from 1, as protobuf does. */
  readStruct(target: JsonObject, depth: number): void {
    const length = this.reader.uint32()
    this.readStructBody(target, depth, this.reader.pos + length)
  }

  readStructBody(target: JsonObject, depth: number, end: number): void {
    const reader = this.reader
    if (depth > this.#maxMessages) throw new DecodeError('too_deep')
    const level = this.#level++
    let entries = 0
    while (reader.pos < end) {
      const tag = reader.tag()
      if (tag >>> 3 === 1) {
        this.#readEntry(target, depth, level)
        entries++
      } else reader.skip(tag, this.groupLevels(depth))
    }
    if (Object.keys(target).length !== entries) this.hasRepeats = true
    this.#level = level
  }

  #readEntry(target: JsonObject, depth: number, level: number): void {
    const reader = this.reader
    if (--this.#valuesLeft < 0) throw new DecodeError('too_many_values')
    const length = reader.uint32()
    const end = reader.pos + length
    let key = ''
    let value: JsonValue = null
    this.#path[level] = key
    while (reader.pos < end) {
      const tag = reader.tag()
      switch (tag >>> 3) {
        case 1:
          key = reader.key()
          this.#path[level] = key
          break
        case 2:
          value = this.#readValue(value, depth + 1)
          break
        default:
          reader.skip(tag, this.groupLevels(depth))
      }
    }
    setKey(target, key, value)
  }

  #readValue(before: JsonValue, depth: number): JsonValue {
    const reader = this.reader
    const length = reader.uint32()
    const end = reader.pos + length
    if (depth > this.#maxMessages) throw new DecodeError('too_deep')
    let value = before
    while (reader.pos < end) {
      const tag = reader.tag()
      switch (tag >>> 3) {
        case 1:
          reader.uint32()
          value = null
          break
        case 2:
          value = reader.double()
          break
        case 3:
          value = reader.text()
          break
        case 4:
          value = reader.bool()
          break
        case 5: {
          const object: JsonObject = isJsonObject(value) ? value : {}
          this.readStruct(object, depth + 1)
          value = object
          break
        }
        case 6: {
          const list: JsonValue[] = Array.isArray(value) ? value : []
          this.#readList(list, depth + 1)
          value = list
          break
        }
        default:
          reader.skip(tag, this.groupLevels(depth))
      }
    }
    return value
  }

  #readList(target: JsonValue[], depth: number): void {
    const reader = this.reader
    const length = reader.uint32()
    const end = reader.pos + length
    if (depth > this.#maxMessages) throw new DecodeError('too_deep')
    const level = this.#level++
    while (reader.pos < end) {
      const tag = reader.tag()
      if (tag >>> 3 !== 1) {
        reader.skip(tag, this.groupLevels(depth))
        continue
      }
      if (--this.#valuesLeft < 0) throw new DecodeError('too_many_values')
      this.#path[level] = target.length
      target.push(this.#readValue(null, depth + 1))
    }
    this.#level = level
  }

  groupLevels(depth: number): number {
    return this.#maxMessages - depth
  }
}

/** One decoder for the process: decoding never awaits, so it is never entered twice. */
export const structDecoder = new StructDecoder()
