import { describe, expect, test } from 'vitest'
import { createMemoTable, MAX_SLOT } from '../../../src/inventory/decode/index.ts'
import { Random } from './support/random.ts'

describe('a memo table', () => {
  test('finds the slot of each memo, and nothing else', () => {
    const table = createMemoTable(3)
    table.set(memo(1), 0)
    table.set(memo(2), 1)

    expect([table.find(memo(1)), table.find(memo(2)), table.find(memo(3))]).toEqual([0, 1, -1])
    expect(table.count).toBe(2)
  })

  test('memos that differ in one word only are told apart', () => {
    const table = createMemoTable(8)
    const base = Uint32Array.of(5, 6, 7, 8)
    table.set(base, 0)
    for (let word = 0; word < 4; word++) {
      const other = base.slice()
      other[word] = 9
      expect(table.find(other)).toBe(-1)
    }
  })

  test('a slot keeps only its latest memo', () => {
    const table = createMemoTable(1)
    table.set(memo(1), 0)
    table.set(memo(2), 0)
    expect([table.find(memo(1)), table.find(memo(2)), table.count]).toEqual([-1, 0, 1])
  })

  test('a deleted slot is forgotten, once', () => {
    const table = createMemoTable(1)
    table.set(memo(1), 0)
    expect([table.delete(0), table.delete(0), table.delete(5_000)]).toEqual([true, false, false])
    expect([table.find(memo(1)), table.count]).toEqual([-1, 0])
  })

  test('a memo of zeros is never known', () => {
    const table = createMemoTable(1)
    table.set(new Uint32Array(4), 0)
    expect([table.find(new Uint32Array(4)), table.count]).toEqual([-1, 0])
  })

  test('rows are loaded as they are stored', () => {
    const table = createMemoTable(2)
    const row = (slot: number, id: number) => Buffer.from([0, 0, 0, slot, 99, ...bytesOf(memo(id))])
    const stored = Buffer.concat([row(7, 10), row(3, 11)])
    table.loadPacked(stored, { stride: 21, memoAt: 5 })
    expect([table.find(memo(10)), table.find(memo(11)), table.count]).toEqual([7, 3, 2])
    expect(() => table.loadPacked(stored.subarray(1), { stride: 21, memoAt: 5 })).toThrow(RangeError)
  })

  test('of rows that are loaded the last one of a slot counts, also when others were set or forgotten between', () => {
    const table = createMemoTable(1)
    const row = (slot: number, id: number) => Buffer.from([0, 0, 0, slot, ...bytesOf(memo(id))])
    const layout = { stride: 20, memoAt: 4 }
    table.loadPacked(Buffer.concat([row(1, 10), row(2, 11), row(3, 12), row(1, 13)]), layout)
    table.set(memo(14), 2)
    table.loadPacked(Buffer.concat([row(2, 15), row(4, 16)]), layout)
    table.delete(4)
    table.loadPacked(Buffer.from([0, 0, 0, 3, ...Buffer.alloc(16)]), layout)
    expect([10, 11, 12, 13, 14, 15, 16].map((id) => table.find(memo(id)))).toEqual([-1, -1, -1, 1, -1, 2, -1])
    expect(table.count).toBe(2)
  })

  test('in the order of slots and out of it, whatever was found before, memos are found and what is none is not', () => {
    const table = createMemoTable(4)
    const row = (slot: number) => Buffer.from([0, 0, 0, slot, ...bytesOf(memo(slot + 10))])
    table.loadPacked(Buffer.concat([0, 1, 2, 4].map(row)), { stride: 20, memoAt: 4 })
    const find = (id: number) => table.find(memo(id))
    expect([10, 11, 12, 13, 14, 14, 12, 99, 10].map(find)).toEqual([0, 1, 2, -1, 4, 4, 2, -1, 0])
    table.delete(1)
    expect(table.find(new Uint32Array(4))).toBe(-1)
    expect([11, 12].map(find)).toEqual([-1, 2])
  })

  test('a million memos take less than 30 MB', () => {
    const table = createMemoTable(1_000_000)
    const words = new Uint32Array(4)
    for (let slot = 0; slot < 1_000_000; slot++) {
      words.set([Math.imul(slot, 0x9e3779b1), slot, 1, 2])
      table.set(words, slot)
    }
    expect(table.count).toBe(1_000_000)
    expect(table.byteLength).toBeLessThan(30e6)
  })

  test('while it grows, no table that it has grown out of stays in memory', () => {
    const table = createMemoTable(1)
    const before = process.memoryUsage().arrayBuffers
    const words = new Uint32Array(4)
    for (let slot = 0; slot < 100_000; slot++) {
      words.set([Math.imul(slot, 0x9e3779b1), slot, 1, 2])
      table.set(words, slot)
    }
    const { arrayBuffers } = process.memoryUsage()
    expect(arrayBuffers - before).toBeLessThan(table.byteLength * 1.1)
  })

  test.each([-1, 1.5, MAX_SLOT + 1, Number.NaN])('slot %s is refused', (slot) => {
    expect(() => createMemoTable(1).set(memo(1), slot)).toThrow(RangeError)
  })

  test.each([1, 2, 3])('behaves like a map under random use, crowded around few places (seed %i)', (seed) => {
    const random = new Random(seed)
    const table = createMemoTable(0)
    const model = new Map<number, number>()
    let differences = 0
    for (let step = 0; step < 8000; step++) {
      const slot = random.below(300)
      if (random.chance(0.3)) {
        if (table.delete(slot) !== model.delete(slot)) differences++
      } else {
        const id = slot * 10 + random.below(3)
        table.set(crowded(id), slot)
        model.set(slot, id)
      }
      const asked = random.below(3000)
      const slotOfAsked = Math.floor(asked / 10)
      const expected = model.get(slotOfAsked) === asked ? slotOfAsked : -1
      if (table.find(crowded(asked)) !== expected || table.count !== model.size) differences++
    }
    expect(differences).toBe(0)
    for (const [slot, id] of model) expect(table.find(crowded(id))).toBe(slot)
  })
})

function memo(id: number): Uint32Array {
  return Uint32Array.of(Math.imul(id, 0x9e3779b1), id, ~id, id * 3)
}

/** First words that want only a few places at the end of the index, so that runs wrap around and overlap. */
function crowded(id: number): Uint32Array {
  return Uint32Array.of(0xffff_fff0 + (id % 16), id, 0, 0)
}

function bytesOf(words: Uint32Array): Buffer {
  const bytes = Buffer.alloc(16)
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, index * 4)
  return bytes
}
