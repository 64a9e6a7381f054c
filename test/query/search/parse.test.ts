import { expect, test } from 'vitest'
import { parse, type Term } from '../../../src/query/search/parse.ts'

test.each<[string, readonly string[]]>([
  ['', []],
  ['   ', []],
  ['web', ['web']],
  ['web server', ['web', 'server']],
  ['"web server"', ['web server']],
  ['!web', ['not web']],
  ['!!web', ['web']],
  ['a,b', ['a,b']],
  ['wow!', ['wow!']],
  ['a"b c"d', ['ab cd']],
  ['type:vm', ['(type : vm)']],
  ['type:vm,disk', ['(type : vm | disk)']],
  ['!type:vm', ['not (type : vm)']],
  ['type!=vm', ['not (type = vm)']],
  ['type!~vm', ['not (type ~ vm)']],
  ['!type!=vm', ['(type = vm)']],
  ['size>=10', ['(size >= 10)']],
  ['name:"a b",c', ['(name : a b | c)']],
  ['name:""', ['(name : )']],
  ['"my field":x', ['(my field : x)']],
  ['tag."aws:x":y', ['(tag.aws:x : y)']],
  ['url~"http://x?a=b"', ['(url ~ http://x?a=b)']],
  ['name:a/b-c_d(e)[f]{g}', ['(name : a/b-c_d(e)[f]{g})']],
  ['"OR"', ['OR']],
  ['or', ['or']],
  ['tag.url:http://x', ['(tag.url : http://x)']],
  ['ip:fe80::1', ['(ip : fe80::1)']],
])('%j is %j', (text, terms) => {
  expect(parse(text).map(shown)).toEqual(terms)
})

test('terms, fields and values know where they stand', () => {
  const text = 'web !region:eu-1,"eu 2"'
  const [word, condition] = parse(text)
  expect(word).toMatchObject({ start: 0, end: 3 })
  if (condition?.kind !== 'condition') throw new Error('the second term is a condition')
  expect(text.slice(condition.start, condition.end)).toBe('!region:eu-1,"eu 2"')
  expect(text.slice(condition.field.start, condition.field.end)).toBe('region')
  expect(condition.values.map(({ start, end }) => text.slice(start, end))).toEqual(['eu-1', '"eu 2"'])
})

test.each<[string, string]>([
  ['name:', "no value behind ':' at character 5"],
  ['name: web', "no value behind ':' at character 5"],
  ['name:a,', "no value behind ',' at character 7"],
  ['name:,a', "no value behind ':' at character 5"],
  ['name:a,,b', "no value behind ',' at character 7"],
  [':x', "no field before ':' at character 1"],
  ['a ~ b', "no field before '~' at character 3"],
  ['a !=b', "no field before '!=' at character 3"],
  ['a !', "nothing to negate behind '!' at character 3"],
  ['state:!DELETED', "'!' before a value at character 7; write !state:DELETED"],
  ['size:>5', "a second sign '>' at character 6"],
  ['name==a', "a second sign '=' at character 6"],
  ['a OR b', 'OR does not join terms here at character 3; write field:a,b'],
  ['a AND b', 'AND does not join terms here at character 3'],
  ['NOT a', 'NOT does not join terms here at character 1; write !'],
])('%j is refused: %s', (text, message) => {
  expect(() => parse(text)).toThrow(message)
})

function shown(term: Term): string {
  const not = term.isNegated ? 'not ' : ''
  if (term.kind === 'word') return `${not}${term.text}`
  return `${not}(${term.field.text} ${term.sign} ${term.values.map(({ text }) => text).join(' | ')})`
}
