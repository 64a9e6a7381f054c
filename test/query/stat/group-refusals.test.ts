import type { JsonObject } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { statRefusal } from './ask.ts'

type Case = readonly [what: string, stages: readonly JsonObject[], place: string, says: RegExp]

const count = { n: 'n', o: 'count' }
const group = (...fields: readonly JsonObject[]): JsonObject => ({ group: { fields: [...fields] } })
const byName: JsonObject = { group: { keys: [{ k: 'name', n: 'who' }], fields: [count] } }

const CASES: readonly Case[] = [
  ['an empty stage', [byName, {}], 'query.aggregate[1]', /unwind, group, count/],
  ['31 stages', Array.from({ length: 31 }, () => ({ limit: 1 })), 'query.aggregate', /at most 30/],
  ['no path to unwind', [{ unwind: {} }], 'query.aggregate[0].unwind.path', /required/],
  [
    'an unknown path to unwind',
    [{ unwind: { path: 'nope' } }],
    'query.aggregate[0].unwind.path',
    /'nope'.*name/,
  ],
  [
    'unwind of one value',
    [{ unwind: { path: 'size' } }],
    'query.aggregate[0].unwind.path',
    /whole numbers.*only lists/,
  ],
  ['unwind of an object', [{ unwind: { path: 'reference' } }], 'query.aggregate[0].unwind.path', /an object/],
  [
    'unwind inside a list of objects',
    [{ unwind: { path: 'notes.author' } }],
    'query.aggregate[0].unwind.path',
    /unwind that list first/,
  ],
  [
    'unwind of what is only shown',
    [{ unwind: { path: 'notes.written_at' } }],
    'query.aggregate[0].unwind.path',
    /shown only/,
  ],
  ['an empty group', [{ group: {} }], 'query.aggregate[0].group', /at least one/],
  [
    'a key without a path',
    [{ group: { keys: [{ n: 'x' }] } }],
    'query.aggregate[0].group.keys[0].key',
    /required/,
  ],
  [
    'a key without a name',
    [{ group: { keys: [{ k: 'name' }] } }],
    'query.aggregate[0].group.keys[0].name',
    /required/,
  ],
  [
    'an empty short name',
    [{ group: { keys: [{ k: 'name', n: '' }] } }],
    'query.aggregate[0].group.keys[0].n',
    /required/,
  ],
  [
    'an unknown key',
    [{ group: { keys: [{ k: 'nam', n: 'x' }] } }],
    'query.aggregate[0].group.keys[0].k',
    /'nam'/,
  ],
  [
    'a key of every object',
    [{ group: { keys: [{ key: 'constructor', n: 'x' }] } }],
    'query.aggregate[0].group.keys[0].key',
    /'constructor'/,
  ],
  [
    'a key that is only shown',
    [{ group: { keys: [{ k: 'notes.written_at', n: 'x' }] } }],
    'query.aggregate[0].group.keys[0].k',
    /shown only/,
  ],
  [
    'two values of one name',
    [{ group: { keys: [{ k: 'name', n: 'n' }], fields: [count] } }],
    'query.aggregate[0].group.fields[0].n',
    /already named 'n'/,
  ],
  [
    'a name with a dot',
    [group({ n: 'a.b', o: 'count' })],
    'query.aggregate[0].group.fields[0].n',
    /'a\.b' has a dot/,
  ],
  [
    'a long name',
    [group({ name: 'x'.repeat(300), o: 'count' })],
    'query.aggregate[0].group.fields[0].name',
    /at most 256/,
  ],
  ['a name with NUL', [group({ name: 'a\0', o: 'count' })], 'query.aggregate[0].group.fields[0].name', /NUL/],
  [
    'a field without an operator',
    [byName, group({ n: 'x' })],
    'query.aggregate[1].group.fields[0].operator',
    /required.*count, sum/,
  ],
  [
    'an unknown operator',
    [byName, group(count, { n: 'x', o: 'median' })],
    'query.aggregate[1].group.fields[1].o',
    /'median'.*count, sum/,
  ],
  [
    'an operator of every object',
    [group({ n: 'x', operator: 'toString' })],
    'query.aggregate[0].group.fields[0].operator',
    /'toString'/,
  ],
  [
    'a sum without a key',
    [group({ n: 'x', o: 'sum' })],
    'query.aggregate[0].group.fields[0].key',
    /required/,
  ],
  [
    'a sum of text',
    [group({ n: 'x', o: 'sum', k: 'name' })],
    'query.aggregate[0].group.fields[0].k',
    /holds text.*no sum/,
  ],
  [
    'an average of instants',
    [group({ n: 'x', o: 'average', k: 'seen_at' })],
    'query.aggregate[0].group.fields[0].k',
    /instants/,
  ],
  [
    'merged text',
    [group({ n: 'x', o: 'merge_objects', k: 'name' })],
    'query.aggregate[0].group.fields[0].k',
    /only objects/,
  ],
  [
    'push without fields',
    [group({ n: 'x', o: 'push', k: 'name' })],
    'query.aggregate[0].group.fields[0].fields',
    /needs the fields/,
  ],
  [
    'push of an unknown field',
    [group({ n: 'x', o: 'push', fields: [{ k: 'nope', n: 'y' }] })],
    'query.aggregate[0].group.fields[0].fields[0].k',
    /'nope'/,
  ],
  [
    'push of 51 fields',
    [
      group({
        n: 'x',
        o: 'push',
        fields: Array.from({ length: 51 }, (_, at) => ({ k: 'name', n: `f${at}` })),
      }),
    ],
    'query.aggregate[0].group.fields[0].fields',
    /at most 50/,
  ],
  [
    'push of two values of one name',
    [
      group({
        n: 'x',
        o: 'push',
        fields: [
          { k: 'name', n: 'y' },
          { k: 'size', n: 'y' },
        ],
      }),
    ],
    'query.aggregate[0].group.fields[0].fields[1].n',
    /already named/,
  ],
  [
    'fields of a count',
    [group({ ...count, fields: [{ k: 'name', n: 'y' }] })],
    'query.aggregate[0].group.fields[0].fields',
    /only push/,
  ],
  [
    'conditions of max',
    [group({ n: 'x', o: 'max', k: 'size', conditions: [{ k: 'size', o: 'eq', v: 1 }] })],
    'query.aggregate[0].group.fields[0].conditions',
    /only count, sum, average/,
  ],
  [
    'a condition without a value',
    [group({ ...count, conditions: [{ k: 'size', o: 'eq' }] })],
    'query.aggregate[0].group.fields[0].conditions[0].value',
    /required/,
  ],
  [
    'a condition without a key',
    [group({ ...count, conditions: [{ v: 1, o: 'eq' }] })],
    'query.aggregate[0].group.fields[0].conditions[0].key',
    /required/,
  ],
  [
    'a condition with an operator of filters',
    [group({ ...count, conditions: [{ k: 'size', o: 'in', v: [1] }] })],
    'query.aggregate[0].group.fields[0].conditions[0].o',
    /'in'.*eq, not, lt/,
  ],
  [
    'a condition with a value of another type',
    [group({ ...count, conditions: [{ k: 'size', o: 'eq', v: 'x' }] })],
    'query.aggregate[0].group.fields[0].conditions[0].v',
    /whole numbers/,
  ],
  [
    'a condition with a list',
    [group({ ...count, conditions: [{ k: 'data.x', o: 'eq', v: [1] }] })],
    'query.aggregate[0].group.fields[0].conditions[0].v',
    /one value, got a list/,
  ],
  [
    'a comparison with null',
    [group({ ...count, conditions: [{ k: 'size', o: 'gt', value: null }] })],
    'query.aggregate[0].group.fields[0].conditions[0].value',
    /null/,
  ],
  [
    'a date_format of text',
    [{ group: { keys: [{ k: 'name', n: 'x', date_format: 'year' }] } }],
    'query.aggregate[0].group.keys[0].date_format',
    /holds text/,
  ],
  [
    'a date_format of a document',
    [{ group: { keys: [{ k: 'data.at', n: 'x', date_format: '%Y' }] } }],
    'query.aggregate[0].group.keys[0].date_format',
    /holds JSON/,
  ],
  [
    'an unknown part of a pattern',
    [{ group: { keys: [{ k: 'seen_at', n: 'x', date_format: '%Y-%q' }] } }],
    'query.aggregate[0].group.keys[0].date_format',
    /'%q'.*%Y/,
  ],
  [
    'a pattern that ends in %',
    [{ group: { keys: [{ k: 'seen_at', n: 'x', date_format: '100%' }] } }],
    'query.aggregate[0].group.keys[0].date_format',
    /'%'/,
  ],
]

test.each(CASES)('INVALID_ARGUMENT names the place of %s', (_, aggregate, key, says) => {
  const refusal = statRefusal({ aggregate: [...aggregate] })
  expect(refusal).toMatchObject({ kind: 'invalid', key })
  expect(refusal.message).toMatch(says)
})
