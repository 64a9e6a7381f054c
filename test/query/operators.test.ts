import type { JsonValue } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, findIds, givenSamples } from './sample.ts'

const DOMAIN = 'domain-operators'
const ALL = ['a', 'b', 'c', 'd']

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, DOMAIN, [
    {
      sample_id: 'a',
      name: 'Web Server',
      owner: 'ann',
      size: 1,
      big: '9007199254740993',
      ratio: 0.5,
      is_open: true,
      seen_at: '2026-01-02T03:04:05.678123Z',
      addresses: ['10.0.0.1', '10.0.0.2'],
      data: {
        os: 'Linux',
        cores: 4,
        up: true,
        none: null,
        size: 'large',
        disks: [{ gb: 10 }, { gb: 20 }],
        ports: [22, 80],
      },
      tags: { team: 'ops', 'k8s.io/name': 'web' },
      by_provider: { aws: { env: 'prod', 'a.b': 'dotted' } },
      external_id: 'x_1',
      options: { deep: { er: 1 } },
    },
    {
      sample_id: 'b',
      name: 'web_cache',
      owner: '',
      size: 2,
      big: '9007199254740992',
      ratio: 2,
      is_open: false,
      seen_at: '2026-01-02T03:04:05.679Z',
      addresses: ['10.0.1.1'],
      data: { os: 'linux mint', cores: 8, up: false, disks: [], ports: ['22'], list: ['Alpha', 'beta'] },
      tags: { team: 'web' },
      external_id: 'x-1',
    },
    {
      sample_id: 'c',
      name: '100% \\ done',
      size: 30,
      seen_at: '2025-12-31T23:59:59.999Z',
      data: {
        os: 5,
        cores: '4',
        '0': 'zero',
        nested: { '7': 'seven' },
        matrix: [[1, 2], [3]],
        object: { k: 1 },
      },
    },
    { sample_id: 'd', name: 'ÄÖ' },
  ])
  await database.db.query(
    `insert into sample_note values ($1, 'a', 'ann', 5), ($1, 'a', 'bob', 1), ($1, 'b', 'cyd', 3), ('other', 'c', 'ann', 5)`,
    [DOMAIN],
  )
})

afterAll(() => database.drop())

async function find(key: string, operator: string, value: JsonValue): Promise<readonly string[]> {
  const query = { filter: [{ key, operator, value }], sort: { key: 'sample_id' } }
  return findIds(database.db, DOMAIN, query)
}

type Case = readonly [key: string, operator: string, value: JsonValue, found: readonly string[]]

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'text columns': [
    ['name', 'eq', 'Web Server', ['a']],
    ['name', 'eq', 'web server', []],
    ['name', 'not', 'Web Server', ['b', 'c', 'd']],
    ['owner', 'eq', null, ['b', 'c', 'd']],
    ['owner', 'not', null, ['a']],
    ['owner', 'not', 'ann', ['b', 'c', 'd']],
    ['owner', 'eq', '', ['b', 'c', 'd']],
    ['owner', 'in', ['', 'none'], ['b', 'c', 'd']],
    ['owner', 'contain', '', ALL],
    ['owner', 'regex', '^$', ['b', 'c', 'd']],
    ['owner', 'lt', 'a', ['b', 'c', 'd']],
    ['name', 'in', ['Web Server', 'ÄÖ', 'none'], ['a', 'd']],
    ['name', 'in', [], []],
    ['name', 'not_in', [], ALL],
    ['name', 'not_in', ['Web Server', 'ÄÖ'], ['b', 'c']],
    ['owner', 'in', ['ann', null], ALL],
    ['owner', 'not_in', ['ann'], ['b', 'c', 'd']],
    ['name', 'contain', 'WEB', ['a', 'b']],
    ['name', 'contain', '_', ['b']],
    ['name', 'contain', '%', ['c']],
    ['name', 'contain', '\\', ['c']],
    ['name', 'contain', '', ALL],
    ['owner', 'not_contain', 'an', ['b', 'c', 'd']],
    ['name', 'contain_in', ['cache', 'DONE'], ['b', 'c']],
    ['name', 'not_contain_in', ['web', 'done'], ['d']],
    ['owner', 'exists', true, ['a']],
    ['owner', 'exists', false, ['b', 'c', 'd']],
    ['sample_id', 'gt', 'b', ['c', 'd']],
    ['sample_id', 'lte', 'b', ['a', 'b']],
    ['sample_key', 'eq', 'ann.Web Server', ['a']],
    ['reference.external_id', 'contain', 'x_1', ['a']],
    ['state', 'eq', 'OPEN', ALL],
    ['state', 'eq', 'no such state', []],
  ],
  'number columns': [
    ['size', 'eq', 2, ['b']],
    ['size', 'eq', '2', ['b']],
    ['size', 'eq', null, ['d']],
    ['size', 'not', 2, ['a', 'c', 'd']],
    ['size', 'in', [1, '30', null], ['a', 'c', 'd']],
    ['size', 'contain', 30, ['c']],
    ['size', 'not_contain', 30, ['a', 'b', 'd']],
    ['size', 'gt', 1, ['b', 'c']],
    ['size', 'gte', 2, ['b', 'c']],
    ['size', 'lt', 2, ['a']],
    ['size', 'lte', 2, ['a', 'b']],
    ['size', 'eq', 5_000_000_000, []],
    ['size', 'exists', false, ['d']],
    ['big', 'eq', '9007199254740993', ['a']],
    ['big', 'gt', '9007199254740992', ['a']],
    ['big', 'gt', 1e18, []],
    ['ratio', 'eq', 0.5, ['a']],
    ['ratio', 'eq', '0.5', ['a']],
    ['ratio', 'gt', 1e300, []],
    ['ratio', 'gte', 0.5, ['a', 'b']],
  ],
  'boolean columns': [
    ['is_open', 'eq', true, ['a']],
    ['is_open', 'eq', 'false', ['b']],
    ['is_open', 'not', true, ['b', 'c', 'd']],
    ['is_open', 'eq', null, ['c', 'd']],
    ['is_open', 'in', [true, false], ['a', 'b']],
  ],
  'timestamp columns': [
    ['seen_at', 'eq', '2026-01-02T03:04:05.678Z', ['a']],
    ['seen_at', 'eq', '2026-01-02T04:04:05.678+01:00', ['a']],
    ['seen_at', 'in', ['2026-01-02T03:04:05.678Z'], ['a']],
    ['seen_at', 'gt', '2026-01-02T03:04:05.678Z', ['b']],
    ['seen_at', 'gte', '2026-01-02T03:04:05.678Z', ['a', 'b']],
    ['seen_at', 'lt', '2026-01-01', ['c']],
    ['seen_at', 'lte', '2026-01-02T03:04:05.678Z', ['a', 'c']],
    ['seen_at', 'eq', null, ['d']],
  ],
  'text lists': [
    ['addresses', 'eq', '10.0.0.2', ['a']],
    ['addresses', 'not', '10.0.0.2', ['b', 'c', 'd']],
    ['addresses', 'eq', null, ['c', 'd']],
    ['addresses', 'exists', true, ['a', 'b']],
    ['addresses', 'in', ['10.0.0.1', '10.0.1.1'], ['a', 'b']],
    ['addresses', 'not_in', ['10.0.0.1'], ['b', 'c', 'd']],
    ['addresses', 'contain', '0.1', ['a', 'b']],
    ['addresses', 'not_contain', '.2', ['b', 'c', 'd']],
    ['addresses', 'contain_in', ['.2', '1.1'], ['a', 'b']],
    ['addresses', 'gt', '10.0.1', ['b']],
  ],
  documents: [
    ['data.os', 'eq', 'Linux', ['a']],
    ['data.os', 'eq', 5, ['c']],
    ['data.os', 'eq', '5', []],
    ['data.cores', 'eq', 4, ['a']],
    ['data.up', 'eq', true, ['a']],
    ['data.up', 'not', true, ['b', 'c', 'd']],
    ['data.none', 'eq', null, ALL],
    ['data.none', 'exists', true, ['a']],
    ['data.os', 'exists', false, ['d']],
    ['data.os', 'eq', null, ['d']],
    ['data.cores', 'in', [4, '4', null], ['a', 'c', 'd']],
    ['data.cores', 'not_in', [4], ['b', 'c', 'd']],
    ['data.os', 'contain', 'LINUX', ['a', 'b']],
    ['data.os', 'contain', '', ['a', 'b']],
    ['data.os', 'contain', 5, ['c']],
    ['data.os', 'not_contain', 'mint', ['a', 'c', 'd']],
    ['data.os', 'contain', '.', []],
    ['data.os', 'contain_in', ['mint', 'nux'], ['a', 'b']],
    ['data.os', 'contain', 'a"b\\c', []],
    ['data.cores', 'gt', 3, ['a', 'b']],
    ['data.cores', 'lt', '5', ['c']],
    ['data.size', 'eq', 'large', ['a']],
    ['data.ports', 'eq', 80, ['a']],
    ['data.ports', 'eq', '22', ['b']],
    ['data.ports', 'in', [22, '22'], ['a', 'b']],
    ['data.ports', 'gt', 79, ['a']],
    ['data.ports.0', 'eq', 22, ['a']],
    ['data.ports.5', 'exists', true, []],
    ['data.list', 'contain', 'ALPH', ['b']],
    ['data.disks.gb', 'eq', 20, ['a']],
    ['data.disks.gb', 'gte', 20, ['a']],
    ['data.disks.1.gb', 'eq', 20, ['a']],
    ['data.disks.0.gb', 'eq', 20, []],
    ['data.0', 'eq', 'zero', ['c']],
    ['data.nested.7', 'eq', 'seven', ['c']],
    ['data.matrix.0', 'eq', 2, ['c']],
    ['data.object', 'eq', { k: 1 }, ['c']],
    ['data.object', 'eq', { k: 2 }, []],
    ['data', 'exists', true, ALL],
    ['data.disks', 'eq', { gb: 10 }, ['a']],
    ['reference.options.deep.er', 'eq', 1, ['a']],
    ['tags.k8s.io/name', 'eq', 'web', ['a']],
    ['tags.team', 'in', ['ops', 'web'], ['a', 'b']],
    ['by_provider.aws.a.b', 'eq', 'dotted', ['a']],
    ['by_provider.aws.env', 'exists', true, ['a']],
  ],
  collections: [
    ['notes.author', 'eq', 'bob', ['a']],
    ['notes.author', 'not', 'bob', ['b', 'c', 'd']],
    ['notes.author', 'in', ['bob', 'cyd'], ['a', 'b']],
    ['notes.author', 'contain', 'Y', ['b']],
    ['notes.stars', 'gt', 3, ['a']],
    ['notes.author', 'eq', null, ['c', 'd']],
    ['notes', 'exists', true, ['a', 'b']],
    ['notes', 'eq', null, ['c', 'd']],
    ['notes.author', 'exists', false, ['c', 'd']],
  ],
}

for (const [kind, cases] of Object.entries(CASES)) {
  describe(`conditions on ${kind}`, () => {
    test.each(cases)('%s %s %j', async (key, operator, value, found) => {
      expect(await find(key, operator, value)).toEqual(found)
    })
  })
}

describe('names of an operator as the last word of a path', () => {
  test.each(['eq', 'not', 'in', 'exists', 'size', 'type', 'match', 'regex'])(
    'data.%s is a path',
    async (word) => {
      const domainId = `domain-word-${word}`
      await givenSamples(database.db, domainId, [
        { sample_id: 'w', data: { [word]: 'x' } },
        { sample_id: 'v' },
      ])
      const filter = [{ key: `data.${word}`, operator: 'eq', value: 'x' }]
      expect(await findIds(database.db, domainId, { filter })).toEqual(['w'])
    },
  )
})

test('short and long spellings mean the same', async () => {
  const filter = [{ k: 'name', v: 'Web Server', o: 'eq' }]
  expect(await findIds(database.db, DOMAIN, { filter })).toEqual(['a'])
  expect(
    await findIds(database.db, DOMAIN, { filter: [{ k: 'name', value: 'cache', o: 'contain' }] }),
  ).toEqual(['b'])
})

test('all of filter and one of filter_or must hold', async () => {
  const query = {
    filter: [{ key: 'size', operator: 'lt', value: 10 }],
    filter_or: [
      { key: 'sample_id', operator: 'eq', value: 'a' },
      { key: 'sample_id', operator: 'eq', value: 'c' },
    ],
  }
  expect(await findIds(database.db, DOMAIN, query)).toEqual(['a'])
})

test('a list of 100,000 values finds what it names', async () => {
  const many = Array.from({ length: 99_998 }, (_, at) => `none-${at}`)
  expect(await find('name', 'in', [...many, 'ÄÖ', 'Web Server'])).toEqual(['a', 'd'])
  expect(await find('data.os', 'in', [...many, 'Linux', 5])).toEqual(['a', 'c'])
})
