/**
 * The hashes of messages, for WebAssembly: AssemblyScript, compiled by `npm run gen:wasm` into
 * `src/inventory/decode/memo-wasm.ts`. What they are for and why they hold is said in `src/inventory/decode/memo-hash.ts`.
 *
 * In memory: the result, two words, at 0; the key, two words, at 16; at 64 room for what is hashed but lies nowhere on the
 * wire; messages from 1,024 on; behind them where the messages of a group begin and end, and then their memos. Results of the functions below are in `low`, `high` and `next`, since a function returns
 * one value only.
 *
 * Nothing here reads outside of the memory, whatever the message is: a length is compared with the end before it is
 * trusted, and the few bytes that are read before that lie behind the message that ends last.
 */
const KEY: usize = 16
const SCRATCH: usize = 64
/** Pairs of addresses: where each message of a group begins, and where it ends. */
const BOUNDS: usize = 264192
/** Four words of 32 bits for each message of a group. */
const MEMOS: usize = 280576
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
  finish(
    at,
    at,
    length,
    0x736f6d6570736575 ^ key0,
    0x646f72616e646f6d ^ key1 ^ 0xee,
    0x6c7967656e657261 ^ key0,
    0x7465646279746573 ^ key1,
  )
}

/** The rest of it, when what lies before `from` is in the state already. */
function finish(from: usize, at: usize, length: usize, v0: u64, v1: u64, v2: u64, v3: u64): void {
  const end = at + (length & ~7)
  for (let pos = from; pos < end; pos += 8) {
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

/** Hashes so many messages that lie between BOUNDS, each as it is, into MEMOS. */
export function hashGroup(count: usize): void {
  let at: usize = 0
  for (; at + 1 < count; at += 2) hashTwo(BOUNDS + (at << 3), MEMOS + (at << 4))
  if (at == count) return
  const bounds = BOUNDS + (at << 3)
  const start: usize = load<u32>(bounds)
  sip(start, (load<u32>(bounds + 4) as usize) - start)
  keep(MEMOS + (at << 4))
}

function keep(into: usize): void {
  store<u64>(into, low)
  store<u64>(into + 8, high)
}

/**
 * Two messages side by side, as far as the shorter one goes: each step of SipHash waits for the one before, and a processor
 * that has two of them to do waits less.
 */
function hashTwo(bounds: usize, into: usize): void {
  const key0 = load<u64>(KEY)
  const key1 = load<u64>(KEY + 8)
  const atA: usize = load<u32>(bounds)
  const lengthA: usize = (load<u32>(bounds + 4) as usize) - atA
  const atB: usize = load<u32>(bounds + 8)
  const lengthB: usize = (load<u32>(bounds + 12) as usize) - atB
  let a0: u64 = 0x736f6d6570736575 ^ key0
  let a1: u64 = 0x646f72616e646f6d ^ key1 ^ 0xee
  let a2: u64 = 0x6c7967656e657261 ^ key0
  let a3: u64 = 0x7465646279746573 ^ key1
  let b0 = a0
  let b1 = a1
  let b2 = a2
  let b3 = a3
  const common = min(lengthA, lengthB) & ~7
  const end = atA + common
  const distance = atB - atA
  for (let pos = atA; pos < end; pos += 8) {
    const wordA = load<u64>(pos)
    const wordB = load<u64>(pos + distance)
    a3 ^= wordA
    b3 ^= wordB
    a0 += a1
    b0 += b1
    a2 += a3
    b2 += b3
    a1 = rotl<u64>(a1, 13) ^ a0
    b1 = rotl<u64>(b1, 13) ^ b0
    a3 = rotl<u64>(a3, 16) ^ a2
    b3 = rotl<u64>(b3, 16) ^ b2
    a0 = rotl<u64>(a0, 32)
    b0 = rotl<u64>(b0, 32)
    a0 += a3
    b0 += b3
    a2 += a1
    b2 += b1
    a3 = rotl<u64>(a3, 21) ^ a0
    b3 = rotl<u64>(b3, 21) ^ b0
    a1 = rotl<u64>(a1, 17) ^ a2
    b1 = rotl<u64>(b1, 17) ^ b2
    a2 = rotl<u64>(a2, 32)
    b2 = rotl<u64>(b2, 32)
    a0 ^= wordA
    b0 ^= wordB
  }
  finish(end, atA, lengthA, a0, a1, a2, a3)
  keep(into)
  finish(atB + common, atB, lengthB, b0, b1, b2, b3)
  keep(into + 16)
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
