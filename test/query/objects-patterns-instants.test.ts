import type { JsonValue } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, findIds, givenSamples } from './sample.ts'

const DOMAIN = 'domain-objects'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, DOMAIN, [
    {
      sample_id: 'a',
      name: 'web-01\nsecond line',
      owner: '2026-01-07T15:30:20.5Z',
      seen_at: '2026-01-07T15:30:20.500900Z',
      addresses: ['10.0.0.1', '2026-01-01'],
      data: {
        rules: [
          { port: 22, from: 'any', when: { day: 1 } },
          { port: 80, from: 'lan', note: null },
        ],
        created: '2026-01-07T16:30:20.5+01:00',
        groups: [{ disks: [{ gb: 1 }, { gb: 2 }] }, { disks: [{ gb: 3 }] }, { disks: { '1': { gb: 9 } } }],
        text: 'Line\nend',
        matrix: [[1], [[2]]],
        dates: ['never', '2026-01-05 00:00'],
      },
      external_id: 'i-0001',
      options: { mode: 'x' },
    },
    {
      sample_id: 'b',
      name: 'WEB-2',
      owner: 'not a date',
      seen_at: '2026-01-07T00:00:00Z',
      data: {
        rules: [
          { port: 22, from: 'lan' },
          { port: 80, from: 'any' },
        ],
        created: '2026-02-30T00:00:00Z',
        text: ['other', 'LINE end'],
        dates: ['2025-12-31T23:59:59.999999999Z'],
      },
    },
    {
      sample_id: 'c',
      name: 'mail',
      seen_at: '2026-01-04T23:59:59.999Z',
      data: { rules: { port: 22, from: 'any' }, created: 1_767_800_000, text: 22, matrix: [2] },
    },
    { sample_id: 'd', name: '(', seen_at: '2025-12-31T23:59:59.999Z', data: { created: '2024-02-29' } },
  ])
  await database.db.query(
    `insert into sample_note values ($1, 'a', 'ann', 5), ($1, 'a', 'bob', 1), ($1, 'b', 'ann', 1)`,
    [DOMAIN],
  )
})

afterAll(() => database.drop())

type Case = readonly [key: string, operator: string, value: JsonValue, found: readonly string[]]

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'match, one object that holds all pairs': [
    ['data.rules', 'match', { port: 22, from: 'any' }, ['a', 'c']],
    ['data.rules', 'match', { port: 22, from: 'lan' }, ['b']],
    ['data.rules', 'match', { port: 443 }, []],
    ['data.rules', 'match', { 'when.day': 1 }, ['a']],
    ['data.rules', 'match', { when: { day: 1 } }, ['a']],
    ['data.rules', 'match', { note: null, port: 80 }, ['a', 'b']],
    ['data.rules', 'match', {}, ['a', 'b', 'c']],
    ['data.rules.0', 'match', { port: 22, from: 'any' }, ['a']],
    ['data.text', 'match', {}, []],
    ['data', 'match', { text: 22 }, ['c']],
    ['notes', 'match', { author: 'ann', stars: 1 }, ['b']],
    ['notes', 'match', { author: 'ann', stars: 5 }, ['a']],
    ['notes', 'match', {}, ['a', 'b']],
    ['reference', 'match', { external_id: 'i-0001', 'options.mode': 'x' }, ['a']],
    ['reference', 'match', { external_id: null, 'options.mode': null }, ['b', 'c', 'd']],
  ],
  'regular expressions': [
    ['name', 'regex', '^web-\\d+$', ['b']],
    ['name', 'regex', '^web-\\d+.second', ['a']],
    ['name', 'regex', '', ['a', 'b', 'c', 'd']],
    ['name', 'regex', '^\\($', ['d']],
    ['name', 'regex_in', ['^mail', '2$'], ['b', 'c']],
    ['state', 'regex', '^op', ['a', 'b', 'c', 'd']],
    ['addresses', 'regex', '^10\\.', ['a']],
    ['addresses', 'regex_in', ['^11', '\\.1$'], ['a']],
    ['reference.external_id', 'regex', '\\d{4}', ['a']],
    ['data.text', 'regex', '^line.end$', ['a', 'b']],
    ['data.text', 'regex', '22', []],
    ['data.text', 'regex_in', ['nope', '^OTHER'], ['b']],
    ['data.none', 'regex', '.*', []],
    ['data.text', 'regex', '"\\\\', []],
    ['notes.author', 'regex', '^A', ['a', 'b']],
  ],
  'dates and instants': [
    ['seen_at', 'datetime_gt', '2026-01-07T15:30:20.500Z', []],
    ['seen_at', 'datetime_gte', '2026-01-07T15:30:20.500Z', ['a']],
    ['seen_at', 'datetime_lte', '2026-01-07T15:30:20.500Z', ['a', 'b', 'c', 'd']],
    ['seen_at', 'datetime_lt', '2026-01-01', ['d']],
    ['owner', 'datetime_gte', '2026-01-07T15:30:20.500Z', ['a']],
    ['owner', 'datetime_gt', '2026-01-07T15:30:20.500Z', []],
    ['addresses', 'datetime_lt', '2026-01-02', ['a']],
    ['data.created', 'datetime_gte', '2026-01-07T15:30:20.5Z', ['a']],
    ['data.created', 'datetime_lt', '9999-12-31', ['a', 'd']],
    ['data.created', 'datetime_lte', '2024-02-29', ['d']],
    ['data.dates', 'datetime_gte', '2026-01-05', ['a']],
    ['data.dates', 'datetime_gt', '2025-12-31T23:59:59.998Z', ['a', 'b']],
    ['data.dates', 'datetime_gt', '2025-12-31T23:59:59.999Z', ['a']],
  ],
  'times relative to now': [
    ['seen_at', 'timediff_gte', 'now', ['a']],
    ['seen_at', 'timediff_gt', 'now', []],
    ['seen_at', 'timediff_lt', 'now/d', ['c', 'd']],
    ['seen_at', 'timediff_lte', 'now/d', ['b', 'c', 'd']],
    ['seen_at', 'timediff_lt', 'now/w', ['c', 'd']],
    ['seen_at', 'timediff_gt', 'now/w-1s', ['a', 'b', 'c']],
    ['seen_at', 'timediff_lt', 'now/m', ['d']],
    ['seen_at', 'timediff_gte', 'now/d - 1w', ['a', 'b', 'c', 'd']],
    ['seen_at', 'timediff_gte', 'now - 15h', ['a']],
    ['seen_at', 'timediff_gte', 'now - 16h', ['a', 'b']],
    ['seen_at', 'timediff_gt', 'now - 1m', ['a']],
    ['seen_at', 'timediff_lt', 'now + 1s', ['a', 'b', 'c', 'd']],
    ['data.created', 'timediff_gte', 'now', ['a']],
  ],
  'paths that turn at a number': [
    ['data.groups.disks.gb', 'eq', 3, ['a']],
    ['data.groups.disks.1.gb', 'eq', 2, ['a']],
    ['data.groups.disks.1.gb', 'eq', 9, ['a']],
    ['data.groups.disks.1.gb', 'eq', 3, []],
    ['data.groups.1.disks.0.gb', 'eq', 3, ['a']],
    ['data.groups.0.disks.0.gb', 'in', [3], []],
    ['data.groups.disks.1.gb', 'contain', 9, ['a']],
    ['data.groups.disks.1.gb', 'exists', false, ['b', 'c', 'd']],
    ['data.groups.disks.1.gb', 'eq', null, ['b', 'c', 'd']],
    ['data.rules.7.port', 'eq', null, ['a', 'b', 'c', 'd']],
    ['data.rules.7', 'not', null, []],
    ['data.text.1', 'regex', 'line', ['b']],
    ['data.dates.1', 'datetime_gt', '2026-01-01', ['a']],
  ],
  'lists inside lists, which are not looked into': [
    ['data.matrix', 'eq', 2, ['c']],
    ['data.matrix', 'in', [1, 2], ['c']],
    ['data.matrix', 'gte', 1, ['c']],
    ['data.matrix.0', 'eq', 1, ['a']],
    ['data.matrix.1', 'eq', 2, []],
  ],
}

for (const [kind, cases] of Object.entries(CASES)) {
  describe(kind, () => {
    test.each(cases)('%s %s %j', async (key, operator, value, found) => {
      const query = { filter: [{ key, operator, value }], sort: { key: 'sample_id' } }
      expect(await findIds(database.db, DOMAIN, query)).toEqual(found)
    })
  })
}
