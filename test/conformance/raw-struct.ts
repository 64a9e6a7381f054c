import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** Levels that no request may have. */
export const DEEP = 10_000

/**
 * A Struct in its binary form that nests this deep; written from the inside, because libraries would overflow
 * their stack.
 */
export function deepStruct(): Uint8Array {
  const heads: Uint8Array[] = []
  let size = 0
  for (let level = 0; level < DEEP; level++) {
    const value = new BinaryWriter().tag(5, WireType.LengthDelimited).uint32(size).finish()
    const entry = new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .string('a')
      .tag(2, WireType.LengthDelimited)
      .uint32(value.length + size)
      .finish()
    const field = new BinaryWriter()
      .tag(1, WireType.LengthDelimited)
      .uint32(entry.length + value.length + size)
      .finish()
    heads.push(value, entry, field)
    size += value.length + entry.length + field.length
  }
  return Buffer.concat(heads.toReversed())
}

/** A Struct `{"__proto__": {"polluted": true}}`, which a library would not write. */
export function specialStruct(): Uint8Array {
  const polluted = entry('polluted', new BinaryWriter().tag(4, WireType.Varint).bool(true).finish())
  return entry('__proto__', new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(polluted).finish())
}

function entry(key: string, value: Uint8Array): Uint8Array {
  const pair = new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(key)
    .tag(2, WireType.LengthDelimited)
    .bytes(value)
    .finish()
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(pair).finish()
}
