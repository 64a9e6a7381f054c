import { expect, test } from 'vitest'
import { lex } from '../../../src/query/search/lex.ts'
import { SearchError } from '../../../src/query/search/search-error.ts'

test.each<[string, readonly string[]]>([
  ['', []],
  ['web', ['plain web']],
  ['type:vm', ['plain type', 'sign :', 'plain vm']],
  ['a!=b', ['plain a', 'sign !=', 'plain b']],
  ['a!~b', ['plain a', 'sign !~', 'plain b']],
  ['a>=1', ['plain a', 'sign >=', 'plain 1']],
  ['a<1', ['plain a', 'sign <', 'plain 1']],
  ['a=<1', ['plain a', 'sign =', 'sign <', 'plain 1']],
  ['!a', ['not !', 'plain a']],
  ['r:a,b', ['plain r', 'sign :', 'plain a', 'comma ,', 'plain b']],
  [' a\t\n b ', ['space  ', 'plain a', 'space \t\n ', 'plain b', 'space  ']],
  ['"a b"', ['quoted a b']],
  ['""', ['quoted ']],
  ['"a:b,c!=d"', ['quoted a:b,c!=d']],
  [String.raw`"a \"b\" \\ \n"`, [String.raw`quoted a "b" \ \n`]],
  [String.raw`a\b`, [String.raw`plain a\b`]],
  ['x"y"', ['plain x', 'quoted y']],
  ['名前~😀', ['plain 名前', 'sign ~', 'plain 😀']],
])('%j is %j', (text, tokens) => {
  expect(lex(text).map((token) => `${token.kind} ${token.text}`)).toEqual(tokens)
})

test('tokens cover the text without gaps', () => {
  const text = ' type:"a b",c !x>=1 "\\"" 名 '
  const tokens = lex(text)
  expect(tokens.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
  expect(tokens.map(({ start }) => start).slice(1)).toEqual(tokens.map(({ end }) => end).slice(0, -1))
})

test.each<[string, string, number]>([
  ['name:"web', 'a quote that is never closed', 6],
  ['"ends in a backslash\\"', 'a quote that is never closed', 1],
  ['a\0b', 'a NUL character', 2],
  ['😀 \ud800', 'half of a surrogate pair', 3],
  ['x'.repeat(4_097), 'the text is too long', 4_097],
])('%j is refused', (text, problem, position) => {
  const refusal = refusalOf(text)
  expect(refusal.message).toContain(problem)
  expect(refusal.position).toBe(position)
})

function refusalOf(text: string): SearchError {
  try {
    lex(text)
  } catch (thrown) {
    if (thrown instanceof SearchError) return thrown
    throw thrown
  }
  throw new Error('the text was accepted')
}
