/** Reads protobuf as it lies on the wire. `next` is the second result, since a function returns one value only. */
/** A value that no length can have. */
export const BAD: usize = 0x7fffffff
export let next: usize = 0

/** A varint of at most four bytes, or BAD; `next` is behind it. */
export function varint(at: usize): usize {
  let value: usize = load<u8>(at)
  if (value < 0x80) {
    next = at + 1
    return value
  }
  value &= 0x7f
  for (let shift = 7; shift < 28; shift += 7) {
    const byte: usize = load<u8>(++at)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      next = at + 1
      return value
    }
  }
  return BAD
}

/**
 * Whether a Value that fills `at`..`end` is a scalar (1), a Struct (2), a ListValue (3), or written in an unusual way (0);
 * of a Struct and a ListValue, `next` is where the content begins.
 */
export function kindOf(at: usize, end: usize): i32 {
  if (at + 2 > end) return 0
  switch (load<u8>(at)) {
    case 0x08:
      return i32(end - at == 2 && load<u8>(at + 1) == 0)
    case 0x11:
      return i32(end - at == 9)
    case 0x20:
      return i32(end - at == 2 && load<u8>(at + 1) <= 1)
    case 0x1a:
      return i32(varint(at + 1) == end - next)
    case 0x2a:
      return varint(at + 1) == end - next ? 2 : 0
    case 0x32:
      return varint(at + 1) == end - next ? 3 : 0
    default:
      return 0
  }
}
