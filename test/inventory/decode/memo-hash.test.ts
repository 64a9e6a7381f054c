import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createMemoHasher, memoToUuid } from '../../../src/inventory/decode/index.ts'

const MESSAGE = Buffer.from('the raw bytes of a message')

test('a memo is the start of SHA-256 of the bytes, XORed with that of the revision', () => {
  const bytes = createHash('sha256').update(MESSAGE).digest()
  const key = createHash('sha256').update('revision 1').digest()
  const expected = Buffer.from(bytes.subarray(0, 16).map((byte, index) => byte ^ (key[index] ?? 0)))

  expect(memoOf('revision 1', MESSAGE).replaceAll('-', '')).toBe(expected.toString('hex'))
})

test('the same bytes under the same revision have the same memo, in every process', () => {
  expect(memoOf('revision 1', MESSAGE)).toBe(memoOf('revision 1', Uint8Array.from(MESSAGE)))
})

test('another revision changes every memo', () => {
  expect(memoOf('revision 2', MESSAGE)).not.toBe(memoOf('revision 1', MESSAGE))
  expect(memoOf('', MESSAGE)).not.toBe(memoOf('revision 1', MESSAGE))
})

test('each single changed bit changes the memo', () => {
  const memos = new Set([memoOf('r', MESSAGE)])
  for (let bit = 0; bit < MESSAGE.length * 8; bit++) {
    const changed = Buffer.from(MESSAGE)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    memos.add(memoOf('r', changed))
  }
  expect(memos.size).toBe(MESSAGE.length * 8 + 1)
})

test('a memo is written into the words that the caller brings, and the bytes stay as they are', () => {
  const into = new Uint32Array(4)
  const before = Buffer.from(MESSAGE)
  createMemoHasher('r')(MESSAGE, into)
  expect(MESSAGE.equals(before)).toBe(true)
  expect(memoToUuid(into)).toBe(memoOf('r', MESSAGE))
})

function memoOf(revision: string, bytes: Uint8Array): string {
  const into = new Uint32Array(4)
  createMemoHasher(revision)(bytes, into)
  return memoToUuid(into)
}
