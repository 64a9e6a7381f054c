import { describe, expect, test } from 'vitest'
import {
  canonicalHash,
  type JsonObject,
  type JsonValue,
  setKey,
  toUuid,
} from '../../../src/inventory/decode/index.ts'
import { Random } from './support/random.ts'

describe('the content hash', () => {
  test('has the text form of a uuid, and stays the same in every release', () => {
    // Another value here means that every stored resource would count as updated once.
    expect(canonicalHash({ b: [1, -0, null], a: { x: true, y: false, z: 'größe' } })).toBe(
      '7bf251c8-6399-d1d1-f5ae-7b445add749a',
    )
  })

  test.each<readonly [string, JsonValue, JsonValue]>([
    ['keys in another order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['numbers as keys', JSON.parse('{"10":1,"9":2,"x":3}'), JSON.parse('{"x":3,"9":2,"10":1}')],
    ['0 and -0', [0], [-0]],
    ['1 and 1.0', JSON.parse('1'), JSON.parse('1.0')],
  ])('is equal for %s', (_name, one, other) => {
    expect(canonicalHash(one)).toBe(canonicalHash(other))
  })

  test.each<readonly [string, JsonValue, JsonValue]>([
    ['a list in another order', [1, 2], [2, 1]],
    ['absent and null', {}, { a: null }],
    ['null and false', null, false],
    ['0 and false', 0, false],
    ['1 and "1"', 1, '1'],
    ['an empty list and an empty object', [], {}],
    ['a list and an object of its positions', ['a'], { '0': 'a' }],
    ['text moved from one string to the next', ['ab', 'c'], ['a', 'bc']],
    ['text moved from key to value', { ab: 'c' }, { a: 'bc' }],
    ['a level moved', [[1], 2], [[1, 2]]],
    ['an entry moved into the object before it', { a: { b: 1 }, c: 2 }, { a: { b: 1, c: 2 } }],
    ['texts of equal length in other scripts', 'größe', 'grøße'],
    ['neighbouring doubles', 0.1 + 0.2, 0.3],
    ['composed and decomposed letters', '\u00e9', 'e\u0301'],
  ])('differs for %s', (_name, one, other) => {
    expect(canonicalHash(one)).not.toBe(canonicalHash(other))
  })

  test('separates values exactly as a naive canonical text does', () => {
    const random = new Random(7)
    const seen = new Map<string, string>()
    const texts = new Map<string, string>()
    for (let run = 0; run < 20_000; run++) {
      const value = anyJson(random, 3)
      const text = naiveText(value)
      const hash = canonicalHash(shuffled(random, value))
      if ((seen.get(text) ?? hash) !== hash) expect.fail(`equal values hash differently: ${text}`)
      if ((texts.get(hash) ?? text) !== text) expect.fail(`different values hash equally: ${text}`)
      seen.set(text, hash)
      texts.set(hash, text)
    }
    // Many different values, and many that came more than once.
    expect(seen.size).toBeGreaterThan(2000)
    expect(seen.size).toBeLessThan(19_000)
  })

  test.each([23, 24, 25, 40, 400])('is equal for %i keys in any order', (count) => {
    const entries = Array.from({ length: count }, (_, index) => [`key ${index * 7}`, index] as const)
    const hashes = [entries, entries.toReversed(), new Random(5).shuffle(entries)].map((each) =>
      canonicalHash(Object.fromEntries(each)),
    )
    expect(new Set(hashes).size).toBe(1)
  })

  test('does not depend on what was hashed before', () => {
    const small = canonicalHash({ a: 'b' })
    canonicalHash('x'.repeat(3_000_000))
    canonicalHash(Array.from({ length: 30_000 }, (_, index) => index))
    expect(canonicalHash({ a: 'b' })).toBe(small)
  })

  test.each([10, 47, 48, 49, 127, 128, 21_000, 200_000])(
    'tells texts of %i characters apart by their last one',
    (length) => {
      for (const filler of ['x', 'ß', '日']) {
        const text = filler.repeat(length - 1)
        expect(canonicalHash(`${text}a`)).not.toBe(canonicalHash(`${text}b`))
      }
    },
  )

  test.each([undefined, 1n, () => 1, Symbol('x')])('refuses what is not JSON: %s', (value) => {
    expect(() => canonicalHash(claimJson({ a: value }))).toThrow(TypeError)
  })
})

test('sixteen bytes become the text of a uuid', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 17)
  expect(toUuid(bytes)).toBe('00112233-4455-6677-8899-aabbccddeeff')
  expect(() => toUuid(bytes.subarray(1))).toThrow(RangeError)
})

function anyJson(random: Random, levels: number): JsonValue {
  switch (random.below(levels > 0 ? 7 : 5)) {
    case 0:
      return random.pick([0, -0, 1, 2.5])
    case 1:
      return random.pick([
        '',
        'a',
        '1',
        'ä',
        'a long text that is longer than the loop for short texts takes',
      ])
    case 2:
      return random.chance(0.5)
    case 3:
      return null
    case 4:
    case 5:
      return Array.from({ length: random.below(3) }, () => anyJson(random, levels - 1))
    default: {
      const object: JsonObject = {}
      const count = random.chance(0.02) ? 30 : random.below(4)
      for (let index = 0; index < count; index++) {
        setKey(
          object,
          random.pick(['a', 'b', 'c', '1', '__proto__', `k${index}`]),
          anyJson(random, levels - 1),
        )
      }
      return object
    }
  }
}

function shuffled(random: Random, value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value === 0 && random.chance(0.5) ? -value : value
  if (Array.isArray(value)) return value.map((item) => shuffled(random, item))
  const object: JsonObject = {}
  for (const [key, inner] of random.shuffle(Object.entries(value)))
    setKey(object, key, shuffled(random, inner))
  return object
}

function naiveText(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(naiveText).join(',')}]`
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${naiveText(inner)}`)
  return `{${entries.sort().join(',')}}`
}

/** Claims a type that the value does not have, to see it refused. */
function claimJson(value: unknown): JsonValue {
  return value as JsonValue
}
