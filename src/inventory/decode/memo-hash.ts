import { createHash, createHmac } from 'node:crypto'
import type { MessageBlock } from '../../core/message-block.ts'
import { toUuid } from './canonical.ts'
import { MEMO_WASM } from './memo-wasm.ts'

/** Words in a memo: 4 × 32 bits. Word `i` holds bytes `4i … 4i+3`, least significant first. */
export const MEMO_WORDS = 4
export const MEMO_BYTES = 16

/** Where a message lies among blocks: which block, and where in its bounds. */
type BlockPlace = { readonly block: number; readonly bound: number }

/** Messages that are hashed at one go at most. */
export const MAX_GROUP = 1_024

/**
 * The key of a contributor's memos under one evaluation revision: with another revision every memo is another
 * one, so a changed rule meets every resource again. The secret is the contributor's own, and leaves the
 * database only for this.
 */
export function deriveMemoKey(secret: string, revision: string): Uint8Array {
  return createHash('sha256').update(`${secret} ${revision}`).digest().subarray(0, KEY_BYTES)
}

/**
 * The hashes that let an unchanged message skip the decode: 128 bits of SipHash-1-3, a pseudorandom function
 * of its secret key. Whoever may write a tag in a cloud must not be able to hide a change behind a made-up
 * collision; for that, who knows neither key nor memos has to guess, as with SHA-256, which takes three times
 * as long (measured on 2.4 KB: 0.6 µs against 1.6). A fast hash without such a claim would not do: in XXH3,
 * for one, two flipped bits at the right distance cancel out under every second key.
 *
 * The loose memo hashes each map as the sum of the hashes of its entries: pseudorandom numbers, so that two
 * maps with the same sum cannot be made up either. Plugins in some languages write maps in another order
 * after each restart (2.8 µs, where decoding and hashing the canonical form takes 40). It must not be kept
 * for a message with the same key twice in one map, of which the last one counts. What it says is "these
 * bytes mean what those meant", so that only the messages that are kept have to be right in every other
 * respect.
 *
 * WebAssembly, because JavaScript has no fast arithmetic of 64 bits: `wasm/memos.ts`. A message too long for
 * its memory is hashed by HMAC-SHA256.
 *
 * Each memo of a message is written into the first four words of `into`. The message lies in `bytes`, which
 * is all of it by default.
 */
export class MemoHasher {
  readonly #key: Uint8Array
  readonly #words: Uint32Array

  constructor(key: Uint8Array) {
    this.#key = key
    this.#words = wordsOf(key)
  }

  /** Of the bytes as they are. */
  hash(bytes: Uint8Array, into: Uint32Array, start = 0, end = bytes.length): void {
    if (end - start > MAX_INPUT) {
      const digest = createHmac('sha256', this.#key).update(bytes.subarray(start, end)).digest()
      into.set(wordsOf(digest).subarray(0, MEMO_WORDS))
      return
    }
    placeMessage(this.#words, bytes, start, end)
    wasm.hashBytes(INPUT_AT, end - start)
    readResult(into)
  }

  /**
   * The same of several messages at one go, from the one at a place on: as many as there is room for, and
   * none that has none. Their memos come one behind the other into `into`, which has room for `MAX_GROUP`.
   * Returns how many they are.
   */
  hashGroup(blocks: readonly MessageBlock[], from: BlockPlace, into: Uint32Array): number {
    const count = placeGroup(blocks, from)
    if (count === 0) return 0
    keyWords.set(this.#words)
    wasm.hashGroup(count)
    into.set(groupMemos.subarray(0, count * MEMO_WORDS))
    return count
  }

  /**
   * Of the bytes whatever the order of the entries of their maps; false where there is none, because the
   * message is written in an unusual way or is very long.
   */
  hashLoosely(bytes: Uint8Array, into: Uint32Array, start = 0, end = bytes.length): boolean {
    if (end - start > MAX_INPUT) return false
    placeMessage(this.#words, bytes, start, end)
    if (wasm.hashLoosely(INPUT_AT, end - start) === 0) return false
    readResult(into)
    return true
  }
}

function placeMessage(key: Uint32Array, bytes: Uint8Array, start: number, end: number): void {
  keyWords.set(key)
  input.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end))
}

/**
 * Puts messages where the module hashes them, each stretch of them by one copy; returns how many there was
 * room for.
 */
function placeGroup(blocks: readonly MessageBlock[], from: BlockPlace): number {
  let used = 0
  let count = 0
  let bound = from.bound
  for (let at = from.block; at < blocks.length; at++, bound = 0) {
    const { bytes, bounds } = blocks[at] ?? NO_BLOCK
    const start = bounds[bound] ?? 0
    const shift = INPUT_AT + used - start
    let end = start
    for (; bound < bounds.length && count < MAX_GROUP; bound += 2, count++) {
      const next = bounds[bound + 1] ?? 0
      if (used + next - start > MAX_INPUT) break
      groupBounds[count * 2] = (bounds[bound] ?? 0) + shift
      groupBounds[count * 2 + 1] = next + shift
      end = next
    }
    if (end > start) input.set(end - start === bytes.length ? bytes : bytes.subarray(start, end), used)
    used += end - start
    if (bound < bounds.length) break
  }
  return count
}

const KEY_BYTES = 16
/** Where the module keeps things in its memory: see `wasm/memory.ts`. */
const KEY_AT = 16
const INPUT_AT = 1024
const MAX_INPUT = 256 * 1024
const BOUNDS_AT = 264_192
const MEMOS_AT = 280_576
const NO_BLOCK: MessageBlock = { bytes: new Uint8Array(), bounds: [] }

type Memos = {
  readonly memory: { readonly buffer: ArrayBuffer }
  hashBytes(at: number, length: number): void
  hashGroup(count: number): void
  hashLoosely(at: number, length: number): number
}

/** One for the process: hashing never awaits, so it is never entered twice. */
const wasm = instantiate()
const result = new Uint32Array(wasm.memory.buffer, 0, MEMO_WORDS)
const keyWords = new Uint32Array(wasm.memory.buffer, KEY_AT, MEMO_WORDS)
const input = new Uint8Array(wasm.memory.buffer, INPUT_AT, MAX_INPUT)
const groupBounds = new Uint32Array(wasm.memory.buffer, BOUNDS_AT, MAX_GROUP * 2)
const groupMemos = new Uint32Array(wasm.memory.buffer, MEMOS_AT, MAX_GROUP * MEMO_WORDS)

/** Claims that the module exports what its source does; the types of Node do not know WebAssembly. */
function instantiate(): Memos {
  const { WebAssembly } = globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: new (bytes: Uint8Array) => object
      readonly Instance: new (module: object) => { readonly exports: unknown }
    }
  }
  const module = new WebAssembly.Module(Buffer.from(MEMO_WASM, 'base64'))
  return new WebAssembly.Instance(module).exports as Memos
}

function readResult(into: Uint32Array): void {
  into[0] = result[0] ?? 0
  into[1] = result[1] ?? 0
  into[2] = result[2] ?? 0
  into[3] = result[3] ?? 0
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, word) => view.getUint32(word * 4, true))
}

/**
 * A memo as it is stored: the text form of a uuid. It begins at word `at` of those given, by default at the
 * first.
 */
export function memoToUuid(memo: Uint32Array, at = 0): string {
  for (let word = 0; word < MEMO_WORDS; word++) memoBytes.writeUInt32LE(memo[at + word] ?? 0, word * 4)
  return toUuid(memoBytes)
}

const memoBytes = Buffer.alloc(MEMO_BYTES)

const DASH = 0x2d
const NINE = 0x39

/** A stored memo as the words that the hash and the table speak. */
export function uuidToMemo(uuid: string): Uint32Array {
  const words = new Uint32Array(MEMO_WORDS)
  let digits = 0
  for (let at = 0; at < uuid.length; at++) {
    const code = uuid.charCodeAt(at)
    if (code === DASH) continue
    // Letters of either case follow the digits: 9 more than their last four bits.
    const digit = code > NINE ? (code & 0xf) + 9 : code & 0xf
    const byte = digits >> 1
    const shift = (byte & 3) * 8 + (digits & 1 ? 0 : 4)
    words[byte >> 2] = (words[byte >> 2] ?? 0) | (digit << shift)
    digits++
  }
  return words
}
