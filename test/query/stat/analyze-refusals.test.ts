import type { JsonObject } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { compileAnalyze } from '../../../src/query/index.ts'
import { sampleEntity } from '../sample.ts'
import { analyzeRefusal } from './ask.ts'

const total = { total: { operator: 'sum', key: 'size' } }

test.each<readonly [string, JsonObject, string, RegExp]>([
  ['an unknown group', { fields: total, group_by: ['name', 'nope'] }, 'query.group_by[1]', /'nope'/],
  ['an empty group', { fields: total, group_by: [''] }, 'query.group_by[0]', /required/],
  [
    'two groups of one name',
    { fields: total, group_by: ['name', 'data.name'] },
    'query.group_by[1]',
    /already named/,
  ],
  ['a figure that is no object', { fields: { n: 'count' } }, 'query.fields.n', /must be an object/],
  ['a figure without an operator', { fields: { n: {} } }, 'query.fields.n.operator', /required/],
  ['an unknown operator', { fields: { n: { operator: 'mode' } } }, 'query.fields.n.operator', /'mode'/],
  [
    'an unknown member',
    { fields: { n: { operator: 'count', data_type: 'array' } } },
    'query.fields.n',
    /'data_type'/,
  ],
  ['a sum without a key', { fields: { n: { operator: 'sum' } } }, 'query.fields.n.key', /required/],
  ['an unknown key', { fields: { n: { operator: 'sum', key: 'nope' } } }, 'query.fields.n.key', /'nope'/],
  ['push of nothing', { fields: { n: { operator: 'push' } } }, 'query.fields.n', /needs a key/],
  [
    'a nested group that is none',
    { fields: total, group_by: ['name'], field_group: ['owner'] },
    'query.field_group[0]',
    /'owner'.*name/,
  ],
  [
    'a sort by what is not there',
    { fields: total, group_by: ['name'], sort: [{ key: 'size' }] },
    'query.sort[0].key',
    /'size'/,
  ],
  ['a selected path', { fields: total, select: { x: 'nope' } }, 'query.select.x', /'nope'/],
  ['a selected boolean', { fields: total, select: { x: true } }, 'query.select.x', /a path, a number/],
  [
    'an unknown formula',
    { fields: total, select: { x: { operator: 'power', fields: ['total', 2] } } },
    'query.select.x.operator',
    /'power'.*add/,
  ],
  [
    'a formula without fields',
    { fields: total, select: { x: { operator: 'add' } } },
    'query.select.x.fields',
    /list of fields/,
  ],
  [
    'a division of three',
    { fields: total, select: { x: { operator: 'divide', fields: [1, 2, 3] } } },
    'query.select.x.fields',
    /takes two/,
  ],
  [
    'a path inside a formula',
    { fields: total, select: { x: { operator: 'add', fields: [1, { operator: 'add', fields: ['nope'] }] } } },
    'query.select.x.fields[1].fields[0]',
    /'nope'/,
  ],
])('INVALID_ARGUMENT names the place of %s in an analyze query', (_, query, key, says) => {
  const refusal = analyzeRefusal(query)
  expect(refusal).toMatchObject({ kind: 'invalid', key })
  expect(refusal.message).toMatch(says)
})

test('an analyze query without figures says which field is missing', () => {
  const compile = () => compileAnalyze(sampleEntity, { domainId: 'domain-1' })
  expect(compile).toThrow(expect.objectContaining({ code: 'ERROR_REQUIRED_PARAMETER' }))
})

test('formulas nested beyond 10 levels are refused', () => {
  let formula: JsonObject = { operator: 'add', fields: [1] }
  for (let level = 0; level < 12; level++) formula = { operator: 'add', fields: [formula] }
  expect(analyzeRefusal({ fields: total, select: { x: formula } }).message).toMatch(/10 formulas/)
})
