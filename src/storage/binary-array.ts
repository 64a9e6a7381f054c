/**
 * Arrays in PostgreSQL's binary format, for `unnest($1::text[], $2::jsonb[] …)`: the driver sends a Buffer as it is,
 * where it would escape and the server unescape a textual array character by character. Each array is measured
 * first and written into one allocation.
 *
 * The format, all big-endian: dimensions (0 or 1), has-null flag, element type number, then length and lower bound of
 * the dimension, then per element its byte length (-1 for null) and bytes.
 */

const HEADER_BYTES = 20
const EMPTY_HEADER_BYTES = 12
const LENGTH_BYTES = 4
const NULL = -1
/** timestamptz counts microseconds from 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH_MS = 946_684_800_000n

type Nullable<T> = readonly (T | null)[]

/** How one element type is measured and written; `write` returns the offset behind the element. */
type ElementCodec<T> = {
  readonly oid: number
  readonly size: (value: T) => number
  readonly write: (target: Buffer, value: T, offset: number) => number
}

/** text[] out of strings. A string with \u0000 is refused by the server (22021). */
export function textArray(values: Nullable<string>): Buffer {
  return encode(values, text)
}

/** jsonb[] out of JSON texts, as strings or as UTF-8 bytes; nothing is parsed here. */
export function jsonbArray(values: Nullable<string | Uint8Array>): Buffer {
  return encode(values, jsonb)
}

/** bytea[] out of bytes. */
export function byteaArray(values: Nullable<Uint8Array>): Buffer {
  return encode(values, bytea)
}

/** uuid[] out of the usual 36-character form. */
export function uuidArray(values: Nullable<string>): Buffer {
  return encode(values, uuid)
}

/** int4[] out of integers; throws when one does not fit. */
export function int4Array(values: Nullable<number>): Buffer {
  return encode(values, int4)
}

/** int8[] out of integers; throws when one does not fit or is a fraction. */
export function int8Array(values: Nullable<number | bigint>): Buffer {
  return encode(values, int8)
}

/** float8[] out of numbers, NaN and infinities included. */
export function float8Array(values: Nullable<number>): Buffer {
  return encode(values, float8)
}

/** bool[] out of booleans. */
export function boolArray(values: Nullable<boolean>): Buffer {
  return encode(values, bool)
}

/** timestamptz[] out of dates; throws for an invalid one. */
export function timestamptzArray(values: Nullable<Date>): Buffer {
  return encode(values, timestamptz)
}

const text: ElementCodec<string> = {
  oid: 25,
  size: (value) => Buffer.byteLength(value),
  write: (target, value, offset) => offset + target.write(value, offset),
}

const bytea: ElementCodec<Uint8Array> = {
  oid: 17,
  size: (value) => value.length,
  write: (target, value, offset) => {
    target.set(value, offset)
    return offset + value.length
  },
}

/** One byte names the version of the format, the JSON text follows. */
const jsonb: ElementCodec<string | Uint8Array> = {
  oid: 3802,
  size: (value) => 1 + (typeof value === 'string' ? text.size(value) : value.length),
  write: (target, value, offset) => {
    const start = target.writeUInt8(1, offset)
    return typeof value === 'string' ? text.write(target, value, start) : bytea.write(target, value, start)
  },
}

const uuid: ElementCodec<string> = {
  oid: 2950,
  size: () => 16,
  write: (target, value, offset) => {
    const hex = value.replaceAll('-', '')
    if (hex.length !== 32 || target.write(hex, offset, 'hex') !== 16)
      throw new RangeError(`'${value}' is no uuid`)
    return offset + 16
  },
}

const int4: ElementCodec<number> = {
  oid: 23,
  size: () => 4,
  write: (target, value, offset) => {
    if (!Number.isInteger(value)) throw new RangeError(`${value} is no integer`)
    return target.writeInt32BE(value, offset)
  },
}

const int8: ElementCodec<number | bigint> = {
  oid: 20,
  size: () => 8,
  write: (target, value, offset) => target.writeBigInt64BE(BigInt(value), offset),
}

const float8: ElementCodec<number> = {
  oid: 701,
  size: () => 8,
  write: (target, value, offset) => target.writeDoubleBE(value, offset),
}

const bool: ElementCodec<boolean> = {
  oid: 16,
  size: () => 1,
  write: (target, value, offset) => target.writeUInt8(value ? 1 : 0, offset),
}

const timestamptz: ElementCodec<Date> = {
  oid: 1184,
  size: () => 8,
  write: (target, value, offset) =>
    target.writeBigInt64BE((BigInt(value.getTime()) - POSTGRES_EPOCH_MS) * 1000n, offset),
}

function encode<T>(values: Nullable<T>, codec: ElementCodec<T>): Buffer {
  if (values.length === 0) return header(Buffer.alloc(EMPTY_HEADER_BYTES), 0, false, codec.oid)
  const sizes = new Int32Array(values.length)
  let total = HEADER_BYTES
  let hasNull = false
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null
    const size = value === null ? NULL : codec.size(value)
    sizes[i] = size
    total += LENGTH_BYTES + Math.max(size, 0)
    hasNull ||= value === null
  }
  const target = header(Buffer.allocUnsafe(total), 1, hasNull, codec.oid)
  target.writeInt32BE(values.length, EMPTY_HEADER_BYTES)
  target.writeInt32BE(1, EMPTY_HEADER_BYTES + 4)
  writeElements(target, values, sizes, codec)
  return target
}

function header(target: Buffer, dimensions: number, hasNull: boolean, oid: number): Buffer {
  target.writeInt32BE(dimensions, 0)
  target.writeInt32BE(hasNull ? 1 : 0, 4)
  target.writeInt32BE(oid, 8)
  return target
}

function writeElements<T>(
  target: Buffer,
  values: Nullable<T>,
  sizes: Int32Array,
  codec: ElementCodec<T>,
): void {
  let offset = HEADER_BYTES
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null
    offset = target.writeInt32BE(sizes[i] ?? NULL, offset)
    if (value !== null) offset = codec.write(target, value, offset)
  }
  if (offset !== target.length) throw new RangeError('an array element changed its size while it was encoded')
}
