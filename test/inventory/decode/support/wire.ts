/**
 * Hand-made wire bytes, valid or not: the encoders of libraries refuse to write what a decoder has to
 * survive.
 */
export function varint(value: number | bigint): Buffer {
  const short = value < 0x80 ? ONE_BYTE[Number(value)] : undefined
  if (short !== undefined) return short
  const bytes: number[] = []
  let rest = BigInt(value)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const ONE_BYTE = Array.from({ length: 0x80 }, (_, value) => Buffer.from([value]))

/** The same number in more bytes than it needs. */
export function longVarint(value: number, size: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (let index = 1; index < size; index++, rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest & 0x7fn))
  return Buffer.from(bytes)
}

export function tag(field: number, type: number): Buffer {
  return varint(field * 8 + type)
}

/** A length-delimited field. */
export function field(number: number, ...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([tag(number, 2), varint(length), ...content])
}

export function text(number: number, value: string | Buffer): Buffer {
  return field(number, Buffer.from(value))
}

export function group(number: number, ...content: readonly Buffer[]): Buffer {
  return Buffer.concat([tag(number, 3), ...content, tag(number, 4)])
}

export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

/** The kinds of a `google.protobuf.Value`, without the length around it. */
export const value = {
  null: (): Buffer => Buffer.concat([tag(1, 0), varint(0)]),
  number: (number: number): Buffer => Buffer.concat([tag(2, 1), double(number)]),
  text: (content: string | Buffer): Buffer => text(3, content),
  boolean: (content: boolean): Buffer => Buffer.concat([tag(4, 0), varint(content ? 1 : 0)]),
  struct: (...entries: readonly Buffer[]): Buffer => field(5, ...entries),
  list: (...items: readonly Buffer[]): Buffer => field(6, ...items.map((item) => field(1, item))),
}

/** A map entry of a Struct. */
export function entry(key: string | Buffer, ...values: readonly Buffer[]): Buffer {
  return field(1, text(1, key), ...values.map((content) => field(2, content)))
}

/** A Struct whose only leaf lies this many objects deep, the outermost counted. */
export function nestedStruct(levels: number): Buffer {
  let inner = entry('leaf', value.null())
  for (let level = 1; level < levels; level++) inner = entry('k', value.struct(inner))
  return inner
}
