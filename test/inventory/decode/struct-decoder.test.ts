import { describe, expect, test } from 'vitest'
import {
  DEFAULT_DECODE_LIMITS,
  DecodeError,
  type DecodeLimits,
  decodeStruct,
} from '../../../src/inventory/decode/index.ts'
import { entry, longVarint, nestedStruct, tag, value } from './support/wire.ts'

describe('what JSON or the database cannot hold', () => {
  test.each([
    ['NaN', value.number(Number.NaN), 'not_finite'],
    ['infinity', value.number(Number.POSITIVE_INFINITY), 'not_finite'],
    ['minus infinity', value.number(Number.NEGATIVE_INFINITY), 'not_finite'],
    ['a NUL', value.text('a\0b'), 'nul_character'],
    ['a NUL beside other scripts', value.text('größe\0'), 'nul_character'],
    ['a NUL in bad UTF-8', value.text(Buffer.from('00ff', 'hex')), 'bad_utf8'],
  ])('%s is refused, and the path names the place', (_name, content, reason) => {
    const inner = entry('list', value.list(value.null(), content))
    const bytes = Buffer.concat([entry('before', value.null()), entry('outer', value.struct(inner))])

    expect(refusalOf(bytes)).toMatchObject({ reason, path: 'outer.list.1' })
  })

  test('a NUL in a key is refused at the object that holds the key', () => {
    const bytes = entry('outer', value.struct(entry('in\0ner', value.null())))
    expect(refusalOf(bytes)).toMatchObject({ reason: 'nul_character', path: 'outer' })
  })

  test('a path holds nothing of what was read before', () => {
    const deep = entry('before', value.struct(entry('inner', value.list(value.null()))))
    const bytes = Buffer.concat([deep, entry('after', value.text('\0'))])
    expect(refusalOf(bytes).path).toBe('after')
  })

  test('a refusal never repeats the value', () => {
    const bytes = entry('password', value.text('hunter2\0'))
    expect(refusalOf(bytes).message).not.toContain('hunter2')
  })

  test('a path is bounded and printable', () => {
    const bytes = entry(`\u001b[31m${'k'.repeat(1000)}`, value.text('\0'))
    const { path } = refusalOf(bytes)
    expect(path.length).toBeLessThan(210)
    expect(path).not.toContain('\u001b')
  })
})

describe('limits', () => {
  test.each([1, 2, 50, 99, 100])('%i levels of objects are read', (levels) => {
    expect(depthOf(decodeStruct(nestedStruct(levels)))).toBe(levels)
  })

  test.each([101, 102, 500])('%i levels are refused without touching the bottom', (levels) => {
    expect(refusalOf(nestedStruct(levels)).reason).toBe('too_deep')
  })

  test('a depth bomb of 100,000 levels is refused', () => {
    expect(refusalOf(depthBomb(100_000)).reason).toBe('too_deep')
  })

  test.each([200, 100_000])('a bomb of %i groups is refused', (levels) => {
    const bomb = Buffer.concat([...Array.from({ length: levels }, () => tag(9, 3))])
    expect(refusalOf(bomb).reason).toBe('too_deep')
  })

  test('the number of values is limited over the whole message', () => {
    const bytes = Buffer.concat([
      entry('a', value.list(value.null(), value.null())),
      entry('b', value.null()),
    ])
    expect(decodeStruct(bytes, limits({ maxValues: 4 }))).toEqual({ a: [null, null], b: null })
    expect(refusalOf(bytes, limits({ maxValues: 3 })).reason).toBe('too_many_values')
  })

  test('the limits are counted anew for each message', () => {
    const bytes = entry('a', value.null())
    for (let run = 0; run < 3; run++)
      expect(decodeStruct(bytes, limits({ maxValues: 1 }))).toEqual({ a: null })
  })

  test('the length of strings and keys is limited in bytes', () => {
    const bytes = entry('a', value.text('ä'.repeat(10)))
    expect(decodeStruct(bytes, limits({ maxStringBytes: 20 }))).toEqual({ a: 'ä'.repeat(10) })
    expect(refusalOf(bytes, limits({ maxStringBytes: 19 })).reason).toBe('string_too_long')
    expect(refusalOf(entry('k'.repeat(20), value.null()), limits({ maxStringBytes: 19 })).reason).toBe(
      'string_too_long',
    )
  })

  test('short keys are held to the limit as well', () => {
    const bytes = entry('abcdefgh', value.null())
    decodeStruct(bytes)
    expect(refusalOf(bytes, limits({ maxStringBytes: 7 })).reason).toBe('string_too_long')
  })
})

describe('prototypes', () => {
  test('a key __proto__ is an own property at every depth, and changes no prototype', () => {
    const bytes = entry(
      '__proto__',
      value.struct(entry('__proto__', value.struct(entry('polluted', value.boolean(true))))),
    )

    const decoded = decodeStruct(bytes)

    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
    expect(JSON.stringify(decoded)).toBe('{"__proto__":{"__proto__":{"polluted":true}}}')
    expect('polluted' in {}).toBe(false)
  })

  test('a repeated __proto__ keeps the last value', () => {
    const bytes = Buffer.concat([entry('__proto__', value.number(1)), entry('__proto__', value.number(2))])
    expect(JSON.stringify(decodeStruct(bytes))).toBe('{"__proto__":2}')
  })
})

describe('strings', () => {
  test('keys that share a place in the cache are told apart', () => {
    const keys = Array.from({ length: 6000 }, (_, index) => `key-${index.toString(36)}`)
    for (let round = 0; round < 2; round++) {
      const found = keys.map((key) => Object.keys(decodeStruct(entry(key, value.null())))[0])
      expect(found).toEqual(keys)
    }
  })

  test('nothing of the result points into the bytes', () => {
    const bytes = entry('a key of some length', value.text('a text that is longer than a cut of thirteen'))
    const decoded = decodeStruct(bytes)
    bytes.fill(0x41)
    expect(decoded).toEqual({ 'a key of some length': 'a text that is longer than a cut of thirteen' })
  })

  test('bytes in the middle of a larger buffer are read in their own bounds', () => {
    const content = entry('a', value.text('b'))
    const surrounded = new Uint8Array(Buffer.concat([Buffer.alloc(7, 0xff), content, Buffer.alloc(7, 0x0a)]))
    expect(decodeStruct(surrounded.subarray(7, 7 + content.length))).toEqual({ a: 'b' })
  })
})

/**
 * Lengths that all reach to the end: built from the front, since the honest way would take the square of the
 * levels.
 */
function depthBomb(levels: number): Buffer {
  const level = Buffer.concat([
    tag(1, 2),
    longVarint(2 ** 31, 5),
    tag(2, 2),
    longVarint(2 ** 31, 5),
    tag(5, 2),
    longVarint(2 ** 31, 5),
  ])
  return Buffer.concat(Array.from({ length: levels }, () => level))
}

function depthOf(content: unknown): number {
  if (typeof content !== 'object' || content === null) return 0
  return 1 + Math.max(0, ...Object.values(content).map(depthOf))
}

function limits(some: Partial<DecodeLimits>): DecodeLimits {
  return { ...DEFAULT_DECODE_LIMITS, ...some }
}

function refusalOf(bytes: Uint8Array, withLimits?: DecodeLimits): DecodeError {
  try {
    decodeStruct(bytes, withLimits)
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
  return expect.fail('the bytes were accepted')
}
