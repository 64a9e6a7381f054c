import { describe, expect, test } from 'vitest'
import { encodeSlots, forEachRun, MAX_SLOT, SlotSet } from '../../../src/inventory/decode/index.ts'
import { Random } from './support/random.ts'

describe('a slot set', () => {
  test('behaves like a set of numbers', () => {
    const random = new Random(11)
    const set = new SlotSet()
    const model = new Set<number>()
    for (let step = 0; step < 5000; step++) {
      const slot = random.below(random.chance(0.01) ? 100_000 : 3000)
      if (set.add(slot) === model.has(slot)) expect.fail(`adding ${slot} answers wrongly whether it is new`)
      model.add(slot)
      const asked = random.below(120_000)
      if (set.has(asked) !== model.has(asked)) expect.fail(`slot ${asked} is wrongly there or not`)
    }
    expect(set.count).toBe(model.size)
    expect(listOf(set)).toEqual([...model].sort((a, b) => a - b))
  })

  test('takes neighbours at once, and says which of others it has not', () => {
    const random = new Random(12)
    const set = new SlotSet()
    const model = new Set<number>()
    for (let step = 0; step < 300; step++) {
      const first = random.below(3_000)
      const end = first + random.below(random.pick([2, 9, 40]))
      set.addRun(first, end)
      for (let slot = first; slot < end; slot++) model.add(slot)
      const asked = Int32Array.from({ length: 5 }, () => random.below(4_000))
      const others = [0, 1, 2, 3, 4].filter((at) => !model.has(asked[at] ?? 0))
      expect(set.placesOfOthers(asked)).toEqual(others)
    }
    expect(set.count).toBe(model.size)
    expect(listOf(set)).toEqual([...model].sort((a, b) => a - b))
    expect(() => set.addRun(MAX_SLOT, MAX_SLOT + 2)).toThrow(RangeError)
  })

  test('numbers its bits as get_bit of PostgreSQL does: from the least significant of each byte', () => {
    const set = new SlotSet()
    for (const slot of [0, 9, 23]) set.add(slot)
    expect(set.toBytes().toString('hex')).toBe('010280')
  })

  test('survives being stored, without empty bytes at the end', () => {
    const set = new SlotSet(100_000)
    for (const slot of [3, 70, 4000]) set.add(slot)
    const bytes = set.toBytes()
    expect(bytes.length).toBe(501)

    const restored = SlotSet.fromBytes(bytes)
    expect([restored.count, listOf(restored)]).toEqual([3, [3, 70, 4000]])
    expect(restored.add(5000)).toBe(true)
    expect(new SlotSet().toBytes().length).toBe(0)
  })

  test('shares no bytes with what it came from or went to', () => {
    const stored = Buffer.from([1])
    const set = SlotSet.fromBytes(stored)
    const bytes = set.toBytes()
    stored.fill(0xff)
    bytes.fill(0xff)
    expect(listOf(set)).toEqual([0])
  })

  test.each([-1, 0.5, MAX_SLOT + 1])('slot %s is refused', (slot) => {
    expect(() => new SlotSet().add(slot)).toThrow(RangeError)
  })
})

describe('the slots of a batch', () => {
  test.each<readonly [string, readonly number[], number]>([
    ['none', [], 1],
    ['one', [5], 2],
    ['a thousand neighbours', Array.from({ length: 1000 }, (_, index) => index + 70_000), 7],
    ['unsorted, with repetitions', [9, 1, 9, 2, 1], 5],
    ['the extremes', [0, MAX_SLOT], 6],
  ])('%s: come back sorted and unique, in few bytes', (_name, slots, size) => {
    const bytes = encodeSlots(slots)
    expect(decode(bytes)).toEqual([...new Set(slots)].sort((a, b) => a - b))
    expect(bytes.length).toBeLessThanOrEqual(size)
  })

  test('random batches come back', () => {
    const random = new Random(3)
    for (let run = 0; run < 2000; run++) {
      const slots = new Set<number>()
      let next = random.below(1000)
      for (let count = random.below(60); count > 0; count--) {
        next += random.chance(0.7) ? 1 : 1 + random.below(random.pick([3, 300, 300_000]))
        slots.add(next)
      }
      expect(decode(encodeSlots(random.shuffle([...slots])))).toEqual([...slots])
    }
  })

  test('random bytes are refused or are slots in order, and cost no memory', () => {
    const random = new Random(4)
    let read = 0
    for (let run = 0; run < 20_000; run++) {
      const bytes = Buffer.from(
        Array.from({ length: random.below(8) }, () => random.below(random.pick([4, 256]))),
      )
      try {
        const slots = decode(bytes)
        const isOrdered = slots.every((slot, index) => slot > (slots[index - 1] ?? -1) && slot <= MAX_SLOT)
        if (!isOrdered) expect.fail(`slots out of order from ${bytes.toString('hex')}`)
        read++
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }
    expect(read).toBeGreaterThan(100)
  })

  test.each([
    ['cut short', '03' + '00', 'fewer'],
    ['a claim of more than there is room for', 'ffffff7f', 'too many'],
    ['more slots than claimed', '01' + '0102', 'more slots'],
    ['a run over the last slot', '02' + 'feffff7f' + '0102', 'more slots|out of range'],
    ['a number of five bytes', '8080808001', 'too long'],
    ['nothing', '', 'cut short'],
  ])('%s is refused', (_name, hex, why) => {
    expect(() => decode(Buffer.from(hex, 'hex'))).toThrow(new RegExp(why))
  })

  test.each([-1, 1.5, MAX_SLOT + 1])('slot %s is refused', (slot) => {
    expect(() => encodeSlots([slot])).toThrow(RangeError)
  })
})

function listOf(set: SlotSet): number[] {
  const slots: number[] = []
  set.forEach((slot) => {
    slots.push(slot)
  })
  return slots
}

function decode(bytes: Uint8Array): number[] {
  const slots: number[] = []
  forEachRun(bytes, (first, end) => {
    for (let slot = first; slot < end; slot++) slots.push(slot)
  })
  return slots
}
