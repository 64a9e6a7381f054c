import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createSampleTables, givenSamples } from '../sample.ts'
import { askAnalyze } from './ask.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, 'domain-analyze', [
    { sample_id: 'a', name: 'x', owner: 'ann', size: 2, external_id: 'e', data: { n: 1, list: [1, 2, 'x'] } },
    { sample_id: 'b', name: 'y', owner: 'ann', size: 1, data: { n: 10 } },
    { sample_id: 'c', name: 'x', owner: 'bob', size: 7, data: { n: 100 } },
    { sample_id: 'd', name: 'z', owner: 'bob', state: 'CLOSED', size: 1_000 },
  ])
})

afterAll(() => database.drop())

function ask(query: JsonObject): Promise<JsonObject> {
  return askAnalyze(database.db, 'domain-analyze', query)
}

const fields = { n: { operator: 'count' }, total: { operator: 'sum', key: 'size' } }

test('figures are computed for each group, known by the last step of its path', async () => {
  expect(await ask({ group_by: ['owner', 'reference.external_id'], fields })).toEqual({
    results: [
      { owner: 'ann', external_id: '', n: 1, total: 1 },
      { owner: 'ann', external_id: 'e', n: 1, total: 2 },
      { owner: 'bob', external_id: '', n: 1, total: 7 },
    ],
  })
})

test('without group_by everything is one group', async () => {
  expect(await ask({ fields, keyword: 'x' })).toEqual({ results: [{ n: 2, total: 9 }] })
})

test('conditions decide what is grouped', async () => {
  const filter = [{ k: 'size', o: 'lt', v: 7 }]
  const anyOf = [{ k: 'name', o: 'eq', v: 'y' }]
  expect(await ask({ group_by: ['owner'], fields, filter })).toEqual({
    results: [{ owner: 'ann', n: 2, total: 3 }],
  })
  expect(await ask({ group_by: ['owner'], fields, filter_or: anyOf })).toEqual({
    results: [{ owner: 'ann', n: 1, total: 1 }],
  })
})

test('push collects values, or objects of named fields', async () => {
  const pushed = {
    values: { operator: 'push', key: 'data.n' },
    objects: { operator: 'push', fields: { who: 'name', s: 'size' } },
  }
  expect(
    await ask({ group_by: ['owner'], fields: pushed, filter: [{ k: 'owner', o: 'eq', v: 'ann' }] }),
  ).toEqual({
    results: [
      {
        owner: 'ann',
        values: [1, 10],
        objects: [
          { who: 'x', s: 2 },
          { who: 'y', s: 1 },
        ],
      },
    ],
  })
})

test('field_group nests the rows of its fields and adds totals, which the sort means', async () => {
  const query = {
    group_by: ['owner', 'name'],
    field_group: ['name'],
    fields,
    sort: [{ key: 'total', desc: true }],
  }
  expect(await ask(query)).toEqual({
    results: [
      {
        owner: 'bob',
        n: [{ name: 'x', value: 1 }],
        total: [{ name: 'x', value: 7 }],
        _total_n: 1,
        _total_total: 7,
      },
      {
        owner: 'ann',
        n: [
          { name: 'x', value: 1 },
          { name: 'y', value: 1 },
        ],
        total: [
          { name: 'x', value: 2 },
          { name: 'y', value: 1 },
        ],
        _total_n: 2,
        _total_total: 3,
      },
    ],
  })
})

test('select renames and computes, with formulas in formulas', async () => {
  const select = {
    who: 'owner',
    mean: { operator: 'divide', fields: ['total', 'n'] },
    score: {
      operator: 'subtract',
      fields: [
        { operator: 'multiply', fields: ['total', 2, 0.5] },
        { operator: 'add', fields: ['n', 1] },
      ],
    },
    never: { operator: 'divide', fields: ['n', 0] },
    size: { operator: 'size', key: 'lists' },
    sum: { operator: 'sum', key: 'all' },
  }
  const more = {
    ...fields,
    lists: { operator: 'add_to_set', key: 'data.list' },
    all: { operator: 'push', key: 'data.n' },
  }
  expect(await ask({ group_by: ['owner'], fields: more, select, sort: [{ key: 'who' }] })).toEqual({
    results: [
      { who: 'ann', mean: 1.5, score: 0, never: null, size: 1, sum: 11 },
      { who: 'bob', mean: 7, score: 5, never: null, size: 0, sum: 100 },
    ],
  })
})

test('a page says whether there is more', async () => {
  const query = { group_by: ['name'], fields: { n: { operator: 'count' } } }
  expect(await ask({ ...query, page: { limit: 1 } })).toEqual({ results: [{ name: 'x', n: 2 }], more: true })
  expect(await ask({ ...query, page: { start: 2, limit: 1 } })).toEqual({
    results: [{ name: 'y', n: 1 }],
    more: false,
  })
  expect(await ask({ ...query, page: { start: 9, limit: 1 } })).toEqual({ results: [], more: false })
})
