/**
 * The hashes of messages, for WebAssembly: AssemblyScript, compiled by `npm run gen:wasm` into
 * `src/inventory/decode/memo-wasm.ts`. What they are for and why they hold is said in
 * `src/inventory/decode/memo-hash.ts`; what lies where in memory, in `memory.ts`.
 *
 * Nothing here reads outside of the memory, whatever the message is: a length is compared with the end before it is
 * trusted, and the few bytes that are read before that lie behind the message that ends last.
 */
import { BOUNDS, MEMOS } from './memory'
import { chain, FIELD, struct } from './maps'
import { hashTwo, high, low, sip } from './sip-hash'
import { BAD, next, varint } from './wire'

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
  store<u64>(MEMOS + (at << 4), low)
  store<u64>(MEMOS + (at << 4) + 8, high)
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
