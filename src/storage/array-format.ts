/**
 * Arrays in PostgreSQL's binary format, for `unnest($1::text[], $2::jsonb[] …)`: the driver sends a Buffer as
 * it is, where it would escape and the server unescape a textual array character by character. Each array is
 * measured first and written into one allocation.
 *
 * The format, all big-endian: dimensions (0 or 1), has-null flag, element type number, then length and lower
 * bound of the dimension, then per element its byte length (-1 for null) and bytes.
 */

const HEADER_BYTES = 20
const EMPTY_HEADER_BYTES = 12
const LENGTH_BYTES = 4
const NULL = -1

export type Nullable<T> = readonly (T | null)[]

/** How one element type is measured and written; `write` returns the offset behind the element. */
export type ElementCodec<T> = {
  readonly oid: number
  readonly size: (value: T) => number
  readonly write: (target: Buffer, value: T, offset: number) => number
}

/** Encodes one array; throws when an element does not fit its type. */
export function encode<T>(values: Nullable<T>, codec: ElementCodec<T>): Buffer {
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
