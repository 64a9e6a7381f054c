import type { JsonObject } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { compileGet } from '../../src/query/index.ts'
import { refusalOf, sampleEntity, toQuery } from './sample.ts'

const eq = { key: 'name', operator: 'eq', value: 'x' }

type Case = readonly [what: string, query: JsonObject, place: string, says: RegExp, code?: string]

const CASES: readonly Case[] = [
  [
    'an unknown operator',
    { filter: [eq, eq, { ...eq, operator: 'foo' }] },
    'query.filter[2].operator',
    /'foo'.*eq, not, in/,
  ],
  [
    'an operator of every object',
    { filter: [{ k: 'name', v: 1, o: 'toString' }] },
    'query.filter[0].o',
    /'toString'/,
  ],
  ['no operator', { filter: [{ key: 'name', value: 'x' }] }, 'query.filter[0].operator', /required/],
  ['no key', { filter: [{ operator: 'eq', value: 'x' }] }, 'query.filter[0].key', /required/],
  ['no value', { filter: [{ key: 'name', operator: 'eq' }] }, 'query.filter[0].value', /required.*null/],
  ['an unknown field', { filter: [{ ...eq, key: 'nam' }] }, 'query.filter[0].key', /'nam'.*name, owner/],
  [
    'a field of every object',
    { filter: [{ ...eq, key: 'constructor' }] },
    'query.filter[0].key',
    /'constructor'/,
  ],
  [
    'an unknown nested field',
    { filter_or: [{ ...eq, k: 'reference.x', key: undefined as never }] },
    'query.filter_or[0].k',
    /'reference' has no field/,
  ],
  [
    'a path into one value',
    { filter: [{ ...eq, key: 'name.first' }] },
    'query.filter[0].key',
    /'name' is one value/,
  ],
  ['an empty step', { filter: [{ ...eq, key: 'data..x' }] }, 'query.filter[0].key', /empty step/],
  [
    'a long path',
    { filter: [{ ...eq, key: `data.${'x'.repeat(3_000)}` }] },
    'query.filter[0].key',
    /at most 2048/,
  ],
  [
    'a deep path',
    { filter: [{ ...eq, key: `data${'.x'.repeat(200)}` }] },
    'query.filter[0].key',
    /at most 100/,
  ],
  [
    'a list for eq',
    { filter: [{ ...eq, value: ['x'] }] },
    'query.filter[0].value',
    /one value, got a list/,
    'ERROR_OPERATOR_VALUE_TYPE',
  ],
  [
    'one value for in',
    { filter: [{ k: 'name', o: 'in', v: 'x' }] },
    'query.filter[0].v',
    /takes a list, got text/,
    'ERROR_OPERATOR_LIST_VALUE_TYPE',
  ],
  [
    'an object for in',
    { filter: [{ k: 'name', o: 'in', v: { length: 1 } }] },
    'query.filter[0].v',
    /takes a list/,
    'ERROR_OPERATOR_LIST_VALUE_TYPE',
  ],
  [
    'text for exists',
    { filter: [{ ...eq, operator: 'exists', value: 'true' }] },
    'query.filter[0].value',
    /true or false/,
    'ERROR_OPERATOR_BOOLEAN_TYPE',
  ],
  [
    'a number for text',
    { filter: [{ ...eq, value: 5 }] },
    'query.filter[0].value',
    /holds text, got a number/,
  ],
  [
    'an object for text',
    { filter: [{ ...eq, value: {} }] },
    'query.filter[0].value',
    /holds text, got an object/,
  ],
  [
    'a list in a list',
    { filter: [{ ...eq, operator: 'in', value: ['x', ['y']] }] },
    'query.filter[0].value[1]',
    /got a list/,
  ],
  ...['contain_in', 'not_contain_in'].map(
    (operator): Case => [
      `no substring for ${operator}`,
      { filter: [{ ...eq, operator, value: [] }] },
      'query.filter[0].value',
      /empty/,
    ],
  ),
  [
    'null as substring',
    { filter: [{ ...eq, operator: 'contain', value: null }] },
    'query.filter[0].value',
    /got null/,
  ],
  ['null to compare', { filter: [{ ...eq, operator: 'gt', value: null }] }, 'query.filter[0].value', /null/],
  [
    'a word for a whole number',
    { filter: [{ ...eq, key: 'size', value: 'two' }] },
    'query.filter[0].value',
    /whole numbers, got 'two'/,
  ],
  [
    'a fraction for a whole number',
    { filter: [{ ...eq, key: 'size', value: 1.5 }] },
    'query.filter[0].value',
    /got 1.5/,
  ],
  [
    'a number beyond 2^53',
    { filter: [{ ...eq, key: 'size', value: 2 ** 53 + 2 }] },
    'query.filter[0].value',
    /2\^53/,
  ],
  [
    'a number beyond 2^53 in a list',
    { filter: [{ ...eq, key: 'ratio', operator: 'in', value: [1, 1e300] }] },
    'query.filter[0].value[1]',
    /2\^53/,
  ],
  [
    'a number beyond 2^53 in a document',
    { filter: [{ ...eq, key: 'data.n', value: -1e17 }] },
    'query.filter[0].value',
    /2\^53/,
  ],
  [
    'a number beyond 64 bits',
    { filter: [{ ...eq, key: 'big', operator: 'gt', value: '9223372036854775808' }] },
    'query.filter[0].value',
    /64 bits/,
  ],
  [
    'a word for a boolean',
    { filter: [{ ...eq, key: 'is_open', value: 'yes' }] },
    'query.filter[0].value',
    /true or false, got 'yes'/,
  ],
  [
    'order of booleans',
    { filter: [{ ...eq, key: 'is_open', operator: 'gt', value: true }] },
    'query.filter[0].value',
    /no order/,
  ],
  [
    'a date no calendar has',
    { filter: [{ ...eq, key: 'seen_at', value: '2026-02-30' }] },
    'query.filter[0].value',
    /'2026-02-30'.*calendar/,
  ],
  [
    'a word for a date',
    { filter: [{ ...eq, key: 'seen_at', value: 'now' }] },
    'query.filter[0].value',
    /'now'/,
  ],
  [
    'a boolean to order a document by',
    { filter: [{ ...eq, key: 'data.x', operator: 'lt', value: true }] },
    'query.filter[0].value',
    /numbers or text/,
  ],
  [
    'an object as one value',
    { filter: [{ ...eq, key: 'reference' }] },
    'query.filter[0].value',
    /reference.external_id/,
  ],
  [
    'a collection as one value',
    { filter: [{ ...eq, key: 'notes' }] },
    'query.filter[0].value',
    /notes.author/,
  ],
  [
    'a field that is only shown',
    { filter: [{ ...eq, key: 'notes.written_at' }] },
    'query.filter[0].value',
    /shown only/,
  ],
  ['NUL in a value', { filter: [{ ...eq, value: 'a\0b' }] }, 'query.filter[0].value', /NUL/],
  [
    'NUL deep in a value',
    { filter: [{ ...eq, key: 'data.x', value: { a: ['\0'] } }] },
    'query.filter[0].value.a[0]',
    /NUL/,
  ],
  [
    'NUL in a key of a value',
    { filter: [{ ...eq, key: 'data.x', value: { '\0': 1 } }] },
    'query.filter[0].value',
    /NUL/,
  ],
  ['NUL in a path', { filter: [{ ...eq, key: 'data.\0' }] }, 'query.filter[0].key', /NUL/],
  ['NUL in a keyword', { keyword: 'a\0b' }, 'query.keyword', /NUL/],
  ['NUL in a sort key', { sort: { key: 'data.\0' } }, 'query.sort.key', /NUL/],
  [
    'a keyword of many words',
    { keyword: Array.from({ length: 40 }, (_, at) => at).join(' ') },
    'query.keyword',
    /40 words/,
  ],
  ['a long keyword', { keyword: 'x'.repeat(2_000) }, 'query.keyword', /at most 1024/],
  [
    'a long value',
    { filter: [{ ...eq, value: 'x'.repeat(100_000) }] },
    'query.filter[0].value',
    /at most 65536/,
  ],
  [
    'a list of more than 100,000',
    { filter: [{ ...eq, operator: 'in', value: Array(100_001).fill('x') }] },
    'query.filter[0].value',
    /100001 values/,
  ],
  ['more than 1,000 conditions', { filter: Array(1_001).fill(eq) }, 'query.filter', /1001 conditions/],
  ['an unknown sort key', { sort: { key: 'size2' } }, 'query.sort.key', /'size2'/],
  [
    'an unknown second sort key',
    { sort: { keys: [{ key: 'size' }, { key: 'x' }] } },
    'query.sort.keys[1].key',
    /'x'/,
  ],
  ['an empty sort key', { sort: { keys: [{ key: '' }] } }, 'query.sort.keys[0].key', /required/],
  ['a collection as sort key', { sort: { key: 'notes.author' } }, 'query.sort.key', /no order/],
  ['an unknown field in only', { only: ['name', 'nme'] }, 'query.only[1]', /'nme'/],
  [
    'an unknown field of a collection in only',
    { only: ['notes.x'] },
    'query.only[0]',
    /'notes' has no field/,
  ],
  ['a wrong sort key of a count', { count_only: true, sort: { key: 'x' } }, 'query.sort.key', /'x'/],
  ['a wrong field in only of a count', { count_only: true, only: ['x'] }, 'query.only[0]', /'x'/],
]

describe('INVALID_ARGUMENT names the place for', () => {
  for (const [what, query, place, says, code = 'ERROR_DB_QUERY'] of CASES) {
    test(what, () => {
      const refusal = refusalOf(toQuery(JSON.parse(JSON.stringify(query))))
      expect(refusal).toMatchObject({ kind: 'invalid', key: place, code })
      expect(refusal.message).toMatch(says)
      expect(refusal.message).toContain(`'${place}'`)
    })
  }
})

test('a wrong field of a get is named by its place in that request', () => {
  const input = { domainId: 'domain-1', id: 'x', only: ['nope'] }
  expect(() => compileGet(sampleEntity, input)).toThrow(/'only\[0\]'.*'nope'/)
})
