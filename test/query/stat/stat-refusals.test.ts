import type { JsonObject } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { compileStat } from '../../../src/query/index.ts'
import { sampleEntity } from '../sample.ts'
import { statRefusal } from './ask.ts'

type Case = readonly [what: string, stages: readonly JsonObject[], place: string, says: RegExp]

const count = { n: 'n', o: 'count' }
const byName: JsonObject = { group: { keys: [{ k: 'name', n: 'who' }], fields: [count] } }

const CASES: readonly Case[] = [
  ['a count without a name', [{ count: {} }], 'query.aggregate[0].count.name', /required/],
  ['a sort without a key', [{ sort: {} }], 'query.aggregate[0].sort.key', /required/],
  [
    'a sort by an unknown name',
    [byName, { sort: { keys: [{ key: 'who' }, { key: 'name' }] } }],
    'query.aggregate[1].sort.keys[1].key',
    /'name'.*who, n/,
  ],
  ['a limit of 0', [{ limit: 0 }], 'query.aggregate[0].limit', /at least one/],
  ['a negative skip', [{ skip: -1 }], 'query.aggregate[0].skip', /-1/],
  [
    'an empty projection',
    [{ project: { exclude_keys: true } }],
    'query.aggregate[0].project.fields',
    /required/,
  ],
  [
    'a projection without a key',
    [{ project: { fields: [{ n: 'x' }] } }],
    'query.aggregate[0].project.fields[0].key',
    /required/,
  ],
  [
    'a projection without a name',
    [{ project: { fields: [{ k: 'name' }] } }],
    'query.aggregate[0].project.fields[0].name',
    /required/,
  ],
  [
    'an unknown projection',
    [{ project: { fields: [{ k: 'name', n: 'x', o: 'length' }] } }],
    'query.aggregate[0].project.fields[0].o',
    /'length'.*size/,
  ],
  [
    'the size of text',
    [{ project: { fields: [{ k: 'name', n: 'x', o: 'size' }] } }],
    'query.aggregate[0].project.fields[0].o',
    /takes a list.*holds text/,
  ],
  [
    'an array made of a number',
    [{ project: { fields: [{ k: 'size', n: 'x', operator: 'object_to_array' }] } }],
    'query.aggregate[0].project.fields[0].operator',
    /takes an object/,
  ],
  ...['add', 'subtract', 'multiply', 'divide'].map(
    (o): Case => [
      `'${o}' without operands`,
      [{ project: { fields: [{ k: 'size', n: 'x', o }] } }],
      'query.aggregate[0].project.fields[0].o',
      /two operands/,
    ],
  ),
  [
    'a key of an earlier group that the next one dropped',
    [byName, { group: { keys: [{ k: 'n', n: 'm' }] } }, { project: { fields: [{ k: 'who', n: 'x' }] } }],
    'query.aggregate[2].project.fields[0].k',
    /'who'.*there are m/,
  ],
]

test.each(CASES)('INVALID_ARGUMENT names the place of %s', (_, aggregate, key, says) => {
  const refusal = statRefusal({ aggregate: [...aggregate] })
  expect(refusal).toMatchObject({ kind: 'invalid', key })
  expect(refusal.message).toMatch(says)
})

test.each([
  ['an unknown field', { distinct: 'nope' }, 'query.distinct'],
  ['a list of objects', { distinct: 'notes' }, 'query.distinct'],
  ['a filter', { distinct: 'name', filter: [{ k: 'name', o: 'nope', v: 1 }] }, 'query.filter[0].o'],
  ['a filter_or', { distinct: 'name', filter_or: [{ k: 'nope', o: 'eq', v: 1 }] }, 'query.filter_or[0].k'],
  ['a keyword', { distinct: 'name', keyword: 'a\0' }, 'query.keyword'],
])('INVALID_ARGUMENT names the place of %s beside the stages', (_, query, key) => {
  expect(statRefusal(query)).toMatchObject({ kind: 'invalid', key })
})

test('without stages and without distinct the stages are missing', () => {
  const compile = () => compileStat(sampleEntity, { domainId: 'domain-1' })
  expect(compile).toThrow(expect.objectContaining({ code: 'ERROR_REQUIRED_PARAMETER' }))
})
