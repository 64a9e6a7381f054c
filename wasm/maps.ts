/** Hashes maps so that the order of their entries makes no difference, and what holds maps. Results are as of `sip`. */
import { SCRATCH } from './memory'
import { high, low, setHash, sip } from './sip-hash'
import { BAD, kindOf, next, varint } from './wire'

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
export const FIELD: u64 = 0xf6

/**
 * The sum of the hashes of the entries of a Struct, which is the same in any order of them; false when something in it is
 * written in an unusual way. Whether a key is there twice is not seen here.
 */
export function struct(at: usize, end: usize, depth: i32): bool {
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
  setHash(sumLow, sumHigh)
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
  setHash(chainLow, chainHigh)
  return true
}

/** Adds the hash at hand to those of what came before. */
export function chain(mark: u64, chainLow: u64, chainHigh: u64): void {
  store<u64>(SCRATCH, mark)
  store<u64>(SCRATCH + 8, low)
  store<u64>(SCRATCH + 16, high)
  store<u64>(SCRATCH + 24, chainLow)
  store<u64>(SCRATCH + 32, chainHigh)
  sip(SCRATCH, 40)
}
