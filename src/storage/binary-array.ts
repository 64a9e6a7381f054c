import { type ElementCodec, encode, type Nullable } from './array-format.ts'

/** timestamptz counts microseconds from 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH_MS = 946_684_800_000n

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

const DASH = 0x2d
const NO_DIGIT = 0xff
/** The value of each hexadecimal digit by its character code. */
const HEX = new Uint8Array(128).fill(NO_DIGIT)
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16)
  HEX[text.charCodeAt(0)] = digit
  HEX[text.toUpperCase().charCodeAt(0)] = digit
}

const uuid: ElementCodec<string> = {
  oid: 2950,
  size: () => 16,
  write: (target, value, offset) => {
    let digits = 0
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      if (code === DASH) continue
      const digit = HEX[code] ?? NO_DIGIT
      if (digit === NO_DIGIT || digits === 32) throw new RangeError(`'${value}' is no uuid`)
      const place = offset + (digits >> 1)
      target[place] = digits & 1 ? (target[place] ?? 0) | digit : digit << 4
      digits++
    }
    if (digits !== 32) throw new RangeError(`'${value}' is no uuid`)
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
