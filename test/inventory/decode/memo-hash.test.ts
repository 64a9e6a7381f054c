import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createMemoHasher, deriveMemoKey, memoToUuid } from '../../../src/inventory/decode/index.ts'
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

test('messages that were placed together have the memos that each has alone, whoever else hashes', () => {
  const [hasher, other] = [createMemoHasher(KEY), createMemoHasher(deriveMemoKey('secret', 'revision'))]
  const bytes = Buffer.from('one, two and three')
  for (const block of [bytes, Buffer.concat([bytes, Buffer.alloc(300_000)])]) {
    const [first, second] = [new Uint32Array(4), new Uint32Array(4)]
    hasher.place(block)
    hasher.hash(block, first, 0, 3)
    other.hash(block, new Uint32Array(4), 5, 8)
    hasher.hash(block, second, 5, 8)
    expect([first, second].map(memoToUuid)).toEqual([memoOf(Buffer.from('one')), memoOf(Buffer.from('two'))])
  }
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
    const source = readFileSync(join(import.meta.dirname, '../../../wasm/memos.ts'))
    expect(createHash('sha256').update(source).digest('hex'), 'run npm run gen:wasm').toBe(MEMO_WASM_SOURCE)
  })
})

function memoOf(bytes: Uint8Array, key: Uint8Array = KEY): string {
  const into = new Uint32Array(4)
  createMemoHasher(key).hash(bytes, into)
  return memoToUuid(into)
}
