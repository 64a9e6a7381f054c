import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type MessageBlock, messagesOf } from '../../../src/core/message-block.ts'
import { deriveMemoKey, MAX_GROUP, MemoHasher, memoToUuid } from '../../../src/inventory/decode/index.ts'
import { MEMO_WASM_SOURCE } from '../../../src/inventory/decode/memo-wasm.ts'
import { sipHash128 } from './support/sip-hash.ts'

const MESSAGE = Buffer.from('the raw bytes of a message')
const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')

test('the oracle of these tests is SipHash: it gives the published vector', () => {
  expect(sipHash128(Buffer.alloc(0), KEY, { rounds: 2, finalRounds: 4 })).toBe(
    'a3817f04ba25a8e66df67214c7550293',
  )
})

test('a memo is SipHash-1-3 of the bytes, whatever their number', () => {
  for (const length of [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 1_000, 2_381, 65_537, 262_144]) {
    const bytes = Buffer.from(Array.from({ length }, (_, at) => (at * 7) & 0xff))
    expect(memoOf(bytes).replaceAll('-', '')).toBe(sipHash128(bytes, KEY, { rounds: 1, finalRounds: 3 }))
  }
})

test('a message that is too long for the module has a memo of its own', () => {
  const long = Buffer.alloc(300_000, 1)
  const other = Buffer.from(long)
  other[299_999] = 2
  expect(memoOf(long)).not.toBe(memoOf(other))
  expect(memoOf(long)).toBe(memoOf(Buffer.from(long)))
})

describe('messages that are hashed in a group', () => {
  const other = new MemoHasher(deriveMemoKey('secret', 'revision'))

  test('have the memos that each has alone, however many and long they are and whoever hashed before', () => {
    const lengths = [
      16,
      0,
      1,
      2_381,
      2_400,
      7,
      8,
      9,
      60_000,
      3,
      2_400,
      2_400,
      250_000,
      ...Array(3_000).fill(5),
    ]
    const blocks = [toBlock(lengths.slice(0, 4)), toBlock([]), toBlock(lengths.slice(4))]
    other.hash(MESSAGE, new Uint32Array(4))
    expect(groupedMemosOf(blocks)).toEqual(blocks.flatMap(messagesOf).map((message) => memoOf(message)))
  })

  test('have the memos of SipHash', () => {
    const block = toBlock([2_381, 100, 17, 64, 0])
    expect(groupedMemosOf([block]).map((memo) => memo.replaceAll('-', ''))).toEqual(
      messagesOf(block).map((message) => sipHash128(message, KEY, { rounds: 1, finalRounds: 3 })),
    )
  })

  test('are none where one comes first that is too long for the module', () => {
    const into = new Uint32Array(MAX_GROUP * 4)
    const blocks = [toBlock([300_000, 5])]
    expect(new MemoHasher(KEY).hashGroup(blocks, { block: 0, bound: 0 }, into)).toBe(0)
    expect(new MemoHasher(KEY).hashGroup(blocks, { block: 0, bound: 2 }, into)).toBe(1)
  })
})

test('another revision, and another contributor, has other memos', () => {
  const keys = [
    deriveMemoKey('secret 1', 'revision 1'),
    deriveMemoKey('secret 1', 'revision 2'),
    deriveMemoKey('secret 2', 'revision 1'),
  ]
  expect(new Set(keys.map((key) => memoOf(MESSAGE, key))).size).toBe(3)
  expect(memoOf(MESSAGE, deriveMemoKey('secret 1', 'revision 1'))).toBe(
    memoOf(Uint8Array.from(MESSAGE), keys[0]),
  )
})

test('each single changed bit changes the memo', () => {
  const memos = new Set([memoOf(MESSAGE)])
  for (let bit = 0; bit < MESSAGE.length * 8; bit++) {
    const changed = Buffer.from(MESSAGE)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    memos.add(memoOf(changed))
  }
  expect(memos.size).toBe(MESSAGE.length * 8 + 1)
})

describe('the module', () => {
  test('is made of the source that lies beside it', () => {
    const folder = join(import.meta.dirname, '../../../wasm')
    const hash = createHash('sha256')
    for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)))
    expect(hash.digest('hex'), 'run npm run gen:wasm').toBe(MEMO_WASM_SOURCE)
  })
})

/** Messages of these lengths with something between them, as in a chunk of a stream. */
function toBlock(lengths: readonly number[]): MessageBlock {
  const bounds: number[] = []
  let at = 3
  for (const length of lengths) {
    bounds.push(at, at + length)
    at += length + 5
  }
  return { bytes: Uint8Array.from({ length: at }, (_, byte) => (byte * 7) ^ (byte >> 9)), bounds }
}

/** In as many groups as it takes. */
function groupedMemosOf(blocks: readonly MessageBlock[]): readonly string[] {
  const hasher = new MemoHasher(KEY)
  const into = new Uint32Array(MAX_GROUP * 4)
  const memos: string[] = []
  const places = blocks.flatMap(({ bounds }, block) =>
    Array.from(bounds).flatMap((_, bound) => (bound % 2 === 0 ? [{ block, bound }] : [])),
  )
  for (let place = places[0]; place !== undefined; place = places[memos.length]) {
    const count = hasher.hashGroup(blocks, place, into)
    if (count === 0) throw new Error('there was no room for a message')
    for (let at = 0; at < count; at++) memos.push(memoToUuid(into, at * 4))
  }
  return memos
}

function memoOf(bytes: Uint8Array, key: Uint8Array = KEY): string {
  const into = new Uint32Array(4)
  new MemoHasher(key).hash(bytes, into)
  return memoToUuid(into)
}
