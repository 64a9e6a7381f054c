import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts'
import { assertJsonText } from '../../../src/server/rest/json-text.ts'

describe('a JSON text', () => {
  test.each([
    '{}',
    '[]',
    '""',
    '0',
    ' \t\r\n{ "a" : [ 1 , -0.5e+10 , true , false , null , "x" , { } , [ ] ] } \n',
    '{"a":{"b":1},"c":{"b":2}}',
    '["\\u00e9\\n\\"\\\\\\/\\b\\f\\r\\t","é😀"]',
    '{"\\u0061":1,"b":2}',
  ])('%s is accepted, as JSON.parse accepts it', (text) => {
    expect(() => JSON.parse(text)).not.toThrow()
    expect(() => assertJsonText(text, DEFAULT_LIMITS)).not.toThrow()
  })

  test.each([
    ['', 'expected a value at line 1, column 1'],
    ['{', "expected a key or '}' at line 1, column 2"],
    ['{"a"}', "expected ':' at line 1, column 5"],
    ['{"a":}', 'expected a value at line 1, column 6'],
    ['{"a":1,}', 'expected a key in double quotes at line 1, column 8'],
    ['{"a":1\n "b":2}', "expected ',' or '}' at line 2, column 2"],
    ['[1,]', 'expected a value at line 1, column 4'],
    ['[1 2]', "expected ',' or ']' at line 1, column 4"],
    ['{}x', 'expected nothing more at line 1, column 3'],
    ['{a:1}', "expected a key or '}' at line 1, column 2"],
    ["{'a':1}", "expected a key or '}' at line 1, column 2"],
    ['[01]', "expected ',' or ']' at line 1, column 3"],
    ['[+1]', "expected a value or ']' at line 1, column 2"],
    ['[.5]', "expected a value or ']' at line 1, column 2"],
    ['[1.]', "expected ',' or ']' at line 1, column 3"],
    ['[NaN]', "expected a value or ']' at line 1, column 2"],
    ['[tru]', "expected a value or ']' at line 1, column 2"],
    ['["a]', 'a text is not closed'],
    ['["a\nb"]', 'a text is not closed or holds a raw control character at line 1, column 4'],
    ['["\\x41"]', 'unknown escape'],
    ['["\\u12g4"]', 'unknown escape'],
    ['[}', "expected a value or ']'"],
    ['{]', "expected a key or '}'"],
    ['/* */ {}', 'expected a value at line 1, column 1'],
  ])('%s is refused, as JSON.parse refuses it', (text, message) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(() => assertJsonText(text, DEFAULT_LIMITS)).toThrow(message)
  })

  test.each(['{"a":1,"b":2,"a":3}', '{"a":1,"\\u0061":3}', '[{"x":{"__proto__":1,"__proto__":2}}]'])(
    '%s is refused for the key that stands twice',
    (text) => {
      expect(() => assertJsonText(text, DEFAULT_LIMITS)).toThrow(/a key twice/)
    },
  )

  test.each(['["\\u0000"]', '{"a\\u0000":1}'])('%s is refused for U+0000', (text) => {
    expect(() => assertJsonText(text, DEFAULT_LIMITS)).toThrow(/U\+0000/)
  })

  test('an escaped backslash before u0000 is only text', () => {
    expect(() => assertJsonText('["\\\\u0000"]', DEFAULT_LIMITS)).not.toThrow()
  })

  test('its errors never repeat what it holds', () => {
    expect(() => assertJsonText('{"password":"hunter2" oops}', DEFAULT_LIMITS)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })

  test('random damage is judged as JSON.parse judges it', () => {
    // No damage to one place makes two of these keys equal.
    const whole = '{"pqr":[1,-2.5e3,true,null,"x\\ny"],"stu":{"vwx":{},"yzg":[]},"hij":"\\u00e9"}'
    const alphabet = '{}[]",:\\0123456789abcdeEtrufalsn+-. \n'
    let seed = 42
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    for (let round = 0; round < 20_000; round++) {
      const at = random(whole.length)
      const text = whole.slice(0, at) + alphabet[random(alphabet.length)] + whole.slice(at + random(3))
      const verdict = isAccepted(() => assertJsonText(text, DEFAULT_LIMITS))
      expect(verdict, text).toBe(isAccepted(() => JSON.parse(text)))
    }
  })
})

function isAccepted(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}
