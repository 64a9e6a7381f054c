/** SipHash. Results are in `low` and `high`, since a function returns one value only. */
import { KEY } from './memory'

export let low: u64 = 0
export let high: u64 = 0

/** Takes another hash for the result: other files may only read it. */
@inline
export function setHash(newLow: u64, newHigh: u64): void {
  low = newLow
  high = newHigh
}

/** SipHash-1-3 with 128 bits of the bytes at `at`: into `low` and `high`. */
export function sip(at: usize, length: usize): void {
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

/**
 * Two messages side by side, as far as the shorter one goes: each step of SipHash waits for the one before, and a processor
 * that has two of them to do waits less.
 */
export function hashTwo(bounds: usize, into: usize): void {
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

function keep(into: usize): void {
  store<u64>(into, low)
  store<u64>(into + 8, high)
}
