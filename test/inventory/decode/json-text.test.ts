import { describe, expect, test } from 'vitest'
import { DEFAULT_DECODE_LIMITS } from '../../../src/inventory/decode/index.ts'
import { parseJsonText } from '../../../src/inventory/decode/json-text.ts'

describe('JSON text inside of a resource', () => {
  test.each<readonly [string, string, string]>([
    ['a NUL in a value', '{"a":[1,{"b":"x\\u0000"}]}', 'nul_character at a.1.b'],
    ['a NUL in a key', '{"a":{"\\u0000":1}}', 'nul_character at a'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 'lone_surrogate at a'],
    ['half a surrogate pair in a key', '{"\\udc00":1}', 'lone_surrogate at '],
    ['a number beyond doubles', '{"a":[0,-1e999]}', 'not_finite at a.1'],
    ['NaN, as Python writes it', '{"a":NaN}', 'not_json at '],
    ['nothing', '', 'not_json at '],
    ['null', 'null', 'not_an_object at '],
    ['text', '"{}"', 'not_an_object at '],
  ])('%s is refused', (_name, text, expected) => {
    const parsed = parseJsonText(text, DEFAULT_DECODE_LIMITS)
    expect(parsed.ok ? 'accepted' : `${parsed.reason} at ${parsed.path}`).toBe(expected)
  })

  test.each([1, 2, 99, 100])('%i levels are read', (levels) => {
    expect(parseJsonText(nested(levels), DEFAULT_DECODE_LIMITS).ok).toBe(true)
  })

  test.each([101, 1000, 100_000, 1_000_000])(
    '%i levels are refused without overflowing the stack',
    (levels) => {
      expect(parseJsonText(nested(levels), DEFAULT_DECODE_LIMITS)).toMatchObject({
        ok: false,
        reason: 'too_deep',
      })
    },
  )

  test('values and strings are limited', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxValues: 3, maxStringBytes: 4 }
    expect(parseJsonText('{"a":[1,"ää"]}', limits).ok).toBe(true)
    expect(parseJsonText('{"a":[1,2,3]}', limits)).toMatchObject({ reason: 'too_many_values' })
    expect(parseJsonText('{"a":"äää"}', limits)).toMatchObject({ reason: 'string_too_long', path: 'a' })
  })

  test('a key __proto__ changes no prototype', () => {
    const parsed = parseJsonText('{"__proto__":{"polluted":true}}', DEFAULT_DECODE_LIMITS)
    expect(parsed.ok && Object.getPrototypeOf(parsed.value)).toBe(Object.prototype)
  })
})

function nested(levels: number): string {
  return `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}${levels === 1 ? '1' : ''}}`
}
