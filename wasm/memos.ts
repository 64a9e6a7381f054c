/**
 * The hashes of messages, for WebAssembly: AssemblyScript, compiled by `npm run gen:wasm` into
 * `src/inventory/decode/memo-wasm.ts`. What they are for and why they hold is said in `src/inventory/decode/memo-hash.ts`.
 *
 * In memory: the result, two words, at 0; the key, two words, at 16; at 64 room for what is hashed but lies nowhere on the
 * wire; messages from 1,024 on. Results of the functions below are in `low`, `high` and `next`, since a function returns
 * one value only.
 *
 * Nothing here reads outside of the memory, whatever the message is: a length is compared with the end before it is
 * trusted, and the few bytes that are read before that lie behind the message that ends last.
 */
const KEY: usize = 16
const SCRATCH: usize = 64
/** Keys of maps inside which there are maps; longer ones are unusual. */
const MAX_SCRATCH_KEY: usize = 512
/** Structs and lists inside each other; the decoder allows fewer. */
const MAX_DEPTH: i32 = 200

/** Beginnings of what is hashed in SCRATCH. No field of a message begins with such a byte, so it is never mistaken for one. */
const STRUCT_ENTRY: u64 = 0xf1
const LIST_ENTRY: u64 = 0xf2
const ITEM: u64 = 0xf3
const STRUCT_ITEM: u64 = 0xf4
const LIST_ITEM: u64 = 0xf5
const FIELD: u64 = 0xf6

let low: u64 = 0
let high: u64 = 0

/** SipHash-1-3 with 128 bits of the bytes at `at`: into `low` and `high`. */
function sip(at: usize, length: usize): void {
  const key0 = load<u64>(KEY)
  const key1 = load<u64>(KEY + 8)
  let v0: u64 = 0x736f6d6570736575 ^ key0
  let v1: u64 = 0x646f72616e646f6d ^ key1 ^ 0xee
  let v2: u64 = 0x6c7967656e657261 ^ key0
  let v3: u64 = 0x7465646279746573 ^ key1
  const end = at + (length & ~7)
  for (let pos = at; pos < end; pos += 8) {
    const word = load<u64>(pos)
    v3 ^= word
    v0 += v1
    v1 = rotl<u64>(v1, 13) ^ v0
    v0 = rotl<u64>(v0, 32)
    v2 += v3
    v3 = rotl<u64>(v3, 16) ^ v2
    v0 += v3
    v3 = rotl<u64>(v3, 21) ^ v0
    v2 += v1
    v1 = rotl<u64>(v1, 17) ^ v2
    v2 = rotl<u64>(v2, 32)
    v0 ^= word
  }
  const left = (length & 7) as u64
  const last = ((length as u64) << 56) | (load<u64>(end) & ((1 << (left << 3)) - 1))
  v3 ^= last
  v0 += v1
  v1 = rotl<u64>(v1, 13) ^ v0
  v0 = rotl<u64>(v0, 32)
  v2 += v3
  v3 = rotl<u64>(v3, 16) ^ v2
  v0 += v3
  v3 = rotl<u64>(v3, 21) ^ v0
  v2 += v1
  v1 = rotl<u64>(v1, 17) ^ v2
  v2 = rotl<u64>(v2, 32)
  v0 ^= last
  v2 ^= 0xee
  for (let round = 0; round < 6; round++) {
    if (round == 3) {
      low = v0 ^ v1 ^ v2 ^ v3
      v1 ^= 0xdd
    }
    v0 += v1
    v1 = rotl<u64>(v1, 13) ^ v0
    v0 = rotl<u64>(v0, 32)
    v2 += v3
    v3 = rotl<u64>(v3, 16) ^ v2
    v0 += v3
    v3 = rotl<u64>(v3, 21) ^ v0
    v2 += v1
    v1 = rotl<u64>(v1, 17) ^ v2
    v2 = rotl<u64>(v2, 32)
  }
  high = v0 ^ v1 ^ v2 ^ v3
}

/** Hashes a message as it is. */
export function hashBytes(at: usize, length: usize): void {
  sip(at, length)
  store<u64>(0, low)
  store<u64>(8, high)
}

/** A value that no length can have. */
const BAD: usize = 0x7fffffff
let next: usize = 0

/** A varint of at most four bytes, or BAD; `next` is behind it. */
function varint(at: usize): usize {
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
function kindOf(at: usize, end: usize): i32 {
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

/**
 * The sum of the hashes of the entries of a Struct, which is the same in any order of them; false when something in it is
 * written in an unusual way. Whether a key is there twice is not seen here.
 */
function struct(at: usize, end: usize, depth: i32): bool {
  if (depth > MAX_DEPTH) return false
  let sumLow: u64 = 0
  let sumHigh: u64 = 0
  while (at < end) {
    if (load<u8>(at) != 0x0a) return false
    const length = varint(at + 1)
    const start = next
    const stop = start + length
    if (length == BAD || stop > end) return false
    if (!entry(start, stop, depth)) return false
    sumLow += low
    sumHigh += high
    at = stop
  }
  low = sumLow
  high = sumHigh
  return true
}

/** What holds no map is hashed as it lies on the wire, where there is one way to write it. */
function entry(start: usize, stop: usize, depth: i32): bool {
  if (start + 2 > stop || load<u8>(start) != 0x0a) return false
  const keyLength = varint(start + 1)
  const keyStart = next
  const keyEnd = keyStart + keyLength
  if (keyLength == BAD || keyEnd + 2 > stop || load<u8>(keyEnd) != 0x12) return false
  const valueLength = varint(keyEnd + 1)
  const valueStart = next
  if (valueLength != stop - valueStart) return false
  const kind = kindOf(valueStart, stop)
  const inner = next
  if (kind == 0) return false
  if (kind == 3) {
    const flat = flatness(inner, stop)
    if (flat < 0) return false
    if (flat == 0) {
      return list(inner, stop, depth + 1) && keyed(LIST_ENTRY, keyStart, keyLength)
    }
  } else if (kind == 2) {
    return struct(inner, stop, depth + 1) && keyed(STRUCT_ENTRY, keyStart, keyLength)
  }
  sip(start, stop - start)
  return true
}

/** The hash of an entry of whose value the hash is at hand. */
function keyed(mark: u64, keyStart: usize, keyLength: usize): bool {
  if (keyLength > MAX_SCRATCH_KEY) return false
  store<u64>(SCRATCH, mark)
  store<u64>(SCRATCH + 8, low)
  store<u64>(SCRATCH + 16, high)
  memory.copy(SCRATCH + 24, keyStart, keyLength)
  sip(SCRATCH, 24 + keyLength)
  return true
}

/** 1 when no item of a list holds others, 0 when one does, -1 when it is written in an unusual way. */
function flatness(at: usize, end: usize): i32 {
  let flat = 1
  while (at < end) {
    if (load<u8>(at) != 0x0a) return -1
    const length = varint(at + 1)
    const start = next
    if (length == BAD || start + length > end) return -1
    const kind = kindOf(start, start + length)
    if (kind == 0) return -1
    if (kind > 1) flat = 0
    at = start + length
  }
  return flat
}

/** The hash of the items of a list in their order; `flatness` has looked at the list. */
function list(at: usize, end: usize, depth: i32): bool {
  if (depth > MAX_DEPTH) return false
  let chainLow: u64 = 0
  let chainHigh: u64 = 0
  while (at < end) {
    const length = varint(at + 1)
    const start = next
    const stop = start + length
    const kind = kindOf(start, stop)
    const inner = next
    let mark = ITEM
    if (kind == 2) {
      mark = STRUCT_ITEM
      if (!struct(inner, stop, depth + 1)) return false
    } else if (kind == 3) {
      mark = LIST_ITEM
      if (flatness(inner, stop) < 0 || !list(inner, stop, depth + 1)) return false
    } else {
      sip(start, length)
    }
    chain(mark, chainLow, chainHigh)
    chainLow = low
    chainHigh = high
    at = stop
  }
  low = chainLow
  high = chainHigh
  return true
}

/** Adds the hash at hand to those of what came before. */
function chain(mark: u64, chainLow: u64, chainHigh: u64): void {
  store<u64>(SCRATCH, mark)
  store<u64>(SCRATCH + 8, low)
  store<u64>(SCRATCH + 16, high)
  store<u64>(SCRATCH + 24, chainLow)
  store<u64>(SCRATCH + 32, chainHigh)
  sip(SCRATCH, 40)
}

/**
 * Hashes the message so that the order of entries of its maps makes no difference. False when it is written in another way
 * than usual: fields of a ResourceInfo in ascending order and none that is unknown, entries with key and value, values
 * with one kind.
 */
export function hashLoosely(begin: usize, length: usize): bool {
  const end = begin + length
  let at = begin
  let before: u32 = 0
  let chainLow: u64 = 0
  let chainHigh: u64 = 0
  while (at < end) {
    const tag: u32 = load<u8>(at)
    if (tag <= before) return false
    before = tag
    let start = at + 1
    let stop = start + 1
    if (tag == 0x08) {
      if (stop > end || load<u8>(start) > 0x7f) return false
    } else {
      const size = varint(start)
      start = next
      stop = start + size
      if (size == BAD || stop > end) return false
    }
    if (tag == 0x22 || tag == 0x32 || tag == 0x3a) {
      if (!struct(start, stop, 1)) return false
    } else if (tag == 0x08 || tag == 0x12 || tag == 0x1a) {
      sip(start, stop - start)
    } else return false
    chain(FIELD | ((tag as u64) << 8), chainLow, chainHigh)
    chainLow = low
    chainHigh = high
    at = stop
  }
  store<u64>(0, chainLow)
  store<u64>(8, chainHigh)
  return true
}
