import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createSampleTables, givenSamples } from '../sample.ts'
import { askStat, runStages } from './ask.ts'

let database: TestDatabase
const DOMAIN = 'domain-stages'

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, DOMAIN, [
    {
      sample_id: 'a',
      name: 'x',
      owner: 'ann',
      size: 3,
      ratio: 0.5,
      is_open: true,
      seen_at: '2026-01-02T03:04:05.678912Z',
      addresses: ['10.0.0.2', '10.0.0.1'],
      external_id: 'e1',
      data: {
        os: { name: 'linux' },
        n: 2,
        disks: [{ gb: 1, parts: [{ at: '/' }, { at: '/home' }] }, { gb: 2.5 }],
        list: [1, null, [2]],
      },
      tags: { 'team.name': 'ops' },
    },
    {
      sample_id: 'b',
      name: 'y',
      owner: 'ann',
      size: 1,
      is_open: false,
      seen_at: '2026-02-02T00:00:00Z',
      data: { os: { name: 'linux', arch: 'arm' }, n: '2', disks: [] },
    },
    { sample_id: 'c', name: 'x', owner: 'bob', data: { os: 'none', disks: 'one', list: 'single' } },
  ])
  await database.db.query(
    `insert into sample_note values ($1, 'a', 'zoe', 1), ($1, 'a', 'ann', 5), ($1, 'b', 'ann', 3)`,
    [DOMAIN],
  )
  await givenSamples(database.db, 'domain-other', [{ sample_id: 'z', name: 'x', size: 100 }])
})

afterAll(() => database.drop())

type Case = readonly [what: string, stages: readonly JsonObject[], rows: JsonValue]

const group = (
  keys: readonly (readonly [string, string])[],
  ...fields: readonly JsonObject[]
): JsonObject => ({
  group: { keys: keys.map(([k, n]) => ({ k, n })), fields: [...fields] },
})
const field = (n: string, o: string, k?: string, more: JsonObject = {}): JsonObject => ({
  n,
  o,
  ...(k === undefined ? {} : { k }),
  ...more,
})
const project = (...fields: readonly JsonObject[]): JsonObject => ({ project: { fields: [...fields] } })
const copy = (k: string, n: string): JsonObject => ({ k, n })

function table(cases: readonly Case[]): void {
  test.each(cases)('%s', async (_, stages, rows) => {
    expect(await runStages(database.db, DOMAIN, ...stages)).toEqual(rows)
  })
}

describe('group', () => {
  table([
    [
      'counts by a column',
      [group([['name', 'name']], field('count', 'count'))],
      [
        { name: 'x', count: 2 },
        { name: 'y', count: 1 },
      ],
    ],
    ['without keys is one group', [group([], field('n', 'count'))], [{ n: 3 }]],
    ['of no rows is no group', [{ skip: 3 }, group([], field('n', 'count'))], []],
    ['by keys alone lists what there is', [group([['owner', 'who']])], [{ who: 'ann' }, { who: 'bob' }]],
    [
      'takes long names',
      [
        {
          group: {
            keys: [{ key: 'owner', name: 'o' }],
            fields: [{ key: 'size', name: 's', operator: 'sum' }],
          },
        },
      ],
      [
        { o: 'ann', s: 4 },
        { o: 'bob', s: 0 },
      ],
    ],
    [
      'by a path in a document puts absent values in one group, first',
      [group([['data.os.arch', 'arch']], field('n', 'count'))],
      [
        { arch: null, n: 2 },
        { arch: 'arm', n: 1 },
      ],
    ],
    [
      'by a path through a list groups by the list of what it finds',
      [group([['data.disks.gb', 'gb']], field('n', 'count'))],
      [
        { gb: null, n: 2 },
        { gb: [1, 2.5], n: 1 },
      ],
    ],
    [
      'by an element of a list',
      [group([['data.disks.1.gb', 'gb']], field('n', 'count'))],
      [
        { gb: null, n: 2 },
        { gb: 2.5, n: 1 },
      ],
    ],
    [
      'keeps text and numbers apart',
      [group([['data.n', 'n']], field('c', 'count'))],
      [
        { n: null, c: 1 },
        { n: '2', c: 1 },
        { n: 2, c: 1 },
      ],
    ],
    [
      'by a tag whose name has dots',
      [group([['tags.team.name', 'team']], field('n', 'count'))],
      [
        { team: null, n: 2 },
        { team: 'ops', n: 1 },
      ],
    ],
    [
      'by an instant shows milliseconds',
      [group([['seen_at', 'at']]), { limit: 2 }],
      [{ at: null }, { at: '2026-01-02T03:04:05.678Z' }],
    ],
    [
      'by parts of an instant',
      [
        {
          group: {
            keys: [
              { k: 'seen_at', n: 'y', date_format: 'year' },
              { k: 'seen_at', n: 'm', date_format: 'month' },
              { k: 'seen_at', n: 'd', date_format: 'day' },
            ],
          },
        },
        { skip: 1 },
      ],
      [
        { y: 2026, m: 1, d: 2 },
        { y: 2026, m: 2, d: 2 },
      ],
    ],
    [
      'by a list of objects and by an object',
      [
        group([
          ['notes.author', 'authors'],
          ['reference', 'ref'],
        ]),
      ],
      [
        { authors: null, ref: { external_id: '', options: {} } },
        { authors: ['ann'], ref: { external_id: '', options: {} } },
        { authors: ['ann', 'zoe'], ref: { external_id: 'e1', options: {} } },
      ],
    ],
    [
      'works on the rows of the group before it',
      [
        group(
          [
            ['name', 'name'],
            ['owner', 'owner'],
          ],
          field('n', 'count'),
        ),
        group([['n', 'size']], field('groups', 'count'), field('names', 'add_to_set', 'name')),
      ],
      [{ size: 1, groups: 3, names: ['x', 'y'] }],
    ],
  ])
})

describe.each([
  ['%Y-%m', '2026-01'],
  ['%d.%m.%Y %H:%M:%S,%L', '02.01.2026 03:04:05,678'],
  ['%j %G %V %u %w %U', '002 2026 01 5 6 00'],
  ['%z %Z %%', '+0000 +000 %'],
  ['YYYY "MM" \\%Y', 'YYYY "MM" \\2026'],
])('date_format %j', (dateFormat, shown) => {
  test(`shows ${shown}`, async () => {
    const key = { k: 'seen_at', n: 'at', date_format: dateFormat }
    const rows = await runStages(
      database.db,
      DOMAIN,
      { sort: { key: 'sample_id' } },
      { limit: 1 },
      { group: { keys: [key] } },
    )
    expect(rows).toEqual([{ at: shown }])
  })
})

describe('a figure', () => {
  const of = (...figure: Parameters<typeof field>): readonly JsonObject[] => [group([], field(...figure))]
  const when = (...conditions: readonly JsonObject[]): JsonObject => ({ conditions: [...conditions] })
  table([
    ['sum of a column passes over what is absent', of('v', 'sum', 'size'), [{ v: 4 }]],
    ['sum of a document passes over what is no number', of('v', 'sum', 'data.n'), [{ v: 2 }]],
    ['sum of fractions is exact', of('v', 'sum', 'ratio'), [{ v: 0.5 }]],
    ['sum of nothing is 0', of('v', 'sum', 'data.none'), [{ v: 0 }]],
    ['average passes over what is absent', of('v', 'average', 'size'), [{ v: 2 }]],
    ['average of nothing is null', of('v', 'average', 'data.none'), [{ v: null }]],
    ['max of text', of('v', 'max', 'name'), [{ v: 'y' }]],
    ['min of numbers', of('v', 'min', 'size'), [{ v: 1 }]],
    ['max of instants', of('v', 'max', 'seen_at'), [{ v: '2026-02-02T00:00:00.000Z' }]],
    ['max of booleans', of('v', 'max', 'is_open'), [{ v: true }]],
    ['min of booleans', of('v', 'min', 'is_open'), [{ v: false }]],
    [
      'max of a document puts objects over text',
      of('v', 'max', 'data.os'),
      [{ v: { name: 'linux', arch: 'arm' } }],
    ],
    ['min of a document puts text before numbers', of('v', 'min', 'data.n'), [{ v: '2' }]],
    ['max of lists', of('v', 'max', 'addresses'), [{ v: ['10.0.0.2', '10.0.0.1'] }]],
    ['min of nothing is null', of('v', 'min', 'data.none'), [{ v: null }]],
    ['first in the order of ids', of('v', 'first', 'size'), [{ v: 3 }]],
    ['last, which may be absent', of('v', 'last', 'size'), [{ v: null }]],
    [
      'first after a sort',
      [{ sort: { key: 'size', desc: true } }, ...of('v', 'first', 'name')],
      [{ v: 'x' }],
    ],
    ['last after a sort', [{ sort: { key: 'name' } }, ...of('v', 'last', 'sample_id')], [{ v: 'b' }]],
    ['first of lists', of('v', 'first', 'addresses'), [{ v: ['10.0.0.2', '10.0.0.1'] }]],
    ['add_to_set in order, without what is absent', of('v', 'add_to_set', 'data.n'), [{ v: ['2', 2] }]],
    ['add_to_set of nothing is empty', of('v', 'add_to_set', 'data.none'), [{ v: [] }]],
    [
      'add_to_set of instants',
      of('v', 'add_to_set', 'seen_at'),
      [{ v: ['2026-01-02T03:04:05.678Z', '2026-02-02T00:00:00.000Z'] }],
    ],
    [
      'merge_objects lets later ones win and passes over what is none',
      of('v', 'merge_objects', 'data.os'),
      [{ v: { name: 'linux', arch: 'arm' } }],
    ],
    ['merge_objects of nothing is empty', of('v', 'merge_objects', 'data.none'), [{ v: {} }]],
    [
      'push in order, absent values as null',
      [
        { sort: { key: 'sample_id', desc: true } },
        ...of('v', 'push', undefined, { fields: [copy('name', 'n'), copy('seen_at', 'at')] }),
      ],
      [
        {
          v: [
            { n: 'x', at: null },
            { n: 'y', at: '2026-02-02T00:00:00.000Z' },
            { n: 'x', at: '2026-01-02T03:04:05.678Z' },
          ],
        },
      ],
    ],
    [
      'count with conditions',
      of('v', 'count', undefined, when({ k: 'name', o: 'eq', v: 'x' }, { k: 'size', o: 'gt', v: 2 })),
      [{ v: 1 }],
    ],
    [
      'sum with a condition',
      of('v', 'sum', 'size', when({ key: 'name', operator: 'not', value: 'x' })),
      [{ v: 1 }],
    ],
    [
      'average with a condition, where other rows count as 0',
      of('v', 'average', 'size', when({ k: 'name', o: 'eq', v: 'x' })),
      [{ v: 1.5 }],
    ],
    [
      'a condition on what is absent',
      of('v', 'count', undefined, when({ k: 'size', o: 'eq', v: null })),
      [{ v: 1 }],
    ],
    [
      'a negated condition, which holds for what is absent',
      of('v', 'count', undefined, when({ k: 'size', o: 'not', v: 3 })),
      [{ v: 2 }],
    ],
    [
      'a condition on elements of a list',
      of('v', 'count', undefined, when({ k: 'data.disks.gb', o: 'gte', v: 2 })),
      [{ v: 1 }],
    ],
    [
      'a condition on a list of objects',
      of('v', 'count', undefined, when({ k: 'notes.stars', o: 'lte', v: 3 })),
      [{ v: 2 }],
    ],
    [
      'a condition on what an earlier stage computed',
      [
        group([['name', 'name']], field('n', 'count')),
        ...of('v', 'count', undefined, when({ k: 'n', o: 'lt', v: 2 })),
      ],
      [{ v: 1 }],
    ],
  ])
})

describe('unwind', () => {
  table([
    [
      'makes a row of each element; rows without any vanish; what is no list is one element',
      [{ unwind: { path: 'data.disks' } }, project(copy('sample_id', 'id'), copy('data.disks', 'disk'))],
      [
        { id: 'a', disk: { gb: 1, parts: [{ at: '/' }, { at: '/home' }] } },
        { id: 'a', disk: { gb: 2.5 } },
        { id: 'c', disk: 'one' },
      ],
    ],
    [
      'keeps elements that are null',
      [{ unwind: { path: 'data.list' } }, project(copy('data.list', 'v'))],
      [{ v: 1 }, { v: null }, { v: [2] }, { v: 'single' }],
    ],
    [
      'twice unwinds lists in lists',
      [{ unwind: { path: 'data.list' } }, { unwind: { path: 'data.list' } }, project(copy('data.list', 'v'))],
      [{ v: 1 }, { v: 2 }, { v: 'single' }],
    ],
    [
      'goes on inside an unwound list',
      [
        { unwind: { path: 'data.disks' } },
        { unwind: { path: 'data.disks.parts' } },
        project(copy('data.disks.parts.at', 'at'), copy('data.disks', 'disk')),
      ],
      [
        { at: '/', disk: { gb: 1, parts: { at: '/' } } },
        { at: '/home', disk: { gb: 1, parts: { at: '/home' } } },
      ],
    ],
    [
      'of a list inside a list that is not unwound finds nothing',
      [{ unwind: { path: 'data.disks.parts' } }],
      [],
    ],
    [
      'puts the element in the place of the list',
      [{ unwind: { path: 'data.disks' } }, { limit: 1 }, project(copy('data', 'data'))],
      [
        {
          data: {
            os: { name: 'linux' },
            n: 2,
            disks: { gb: 1, parts: [{ at: '/' }, { at: '/home' }] },
            list: [1, null, [2]],
          },
        },
      ],
    ],
    [
      'of a list of text',
      [{ unwind: { path: 'addresses' } }, group([['addresses', 'ip']], field('n', 'count'))],
      [
        { ip: '10.0.0.1', n: 1 },
        { ip: '10.0.0.2', n: 1 },
      ],
    ],
    [
      'of a list of objects',
      [{ unwind: { path: 'notes' } }, group([['notes.author', 'who']], field('stars', 'sum', 'notes.stars'))],
      [
        { who: 'ann', stars: 8 },
        { who: 'zoe', stars: 1 },
      ],
    ],
    [
      'of what a group collected',
      [
        group([['owner', 'owner']], field('all', 'push', undefined, { fields: [copy('name', 'n')] })),
        { unwind: { path: 'all' } },
        project(copy('all.n', 'n')),
      ],
      [
        { owner: 'ann', n: 'x' },
        { owner: 'ann', n: 'y' },
        { owner: 'bob', n: 'x' },
      ],
    ],
  ])
})

describe('the other stages', () => {
  table([
    ['count makes one row', [{ count: { name: 'rows' } }], [{ rows: 3 }]],
    ['count of nothing is 0', [{ skip: 9 }, { count: { name: 'rows' } }], [{ rows: 0 }]],
    [
      'sort puts absent values first, and last when descending',
      [{ sort: { key: 'size', desc: true } }, project(copy('size', 's'))],
      [{ s: 3 }, { s: 1 }, { s: null }],
    ],
    [
      'sort by several keys',
      [
        { sort: { keys: [{ key: 'name', desc: true }, { key: 'data.os' }] } },
        project(copy('sample_id', 'id')),
      ],
      [{ id: 'b' }, { id: 'c' }, { id: 'a' }],
    ],
    [
      'sort by names of a group',
      [group([['name', 'name']], field('n', 'count')), { sort: { key: 'n' } }],
      [
        { name: 'y', n: 1 },
        { name: 'x', n: 2 },
      ],
    ],
    [
      'sort outlives project, limit and skip',
      [
        { sort: { key: 'sample_id', desc: true } },
        project(copy('name', 'n'), copy('sample_id', 'id')),
        { skip: 1 },
        { limit: 1 },
        project(copy('id', 'only')),
      ],
      [{ only: 'b' }],
    ],
    [
      'limit before a group cuts its rows',
      [{ sort: { key: 'sample_id' } }, { limit: 2 }, group([['name', 'name']], field('n', 'count'))],
      [
        { name: 'x', n: 1 },
        { name: 'y', n: 1 },
      ],
    ],
    [
      'project keeps group keys',
      [
        group(
          [
            ['name', 'name'],
            ['owner', 'owner'],
          ],
          field('n', 'count'),
        ),
        { limit: 1 },
        project(copy('n', 'm')),
      ],
      [{ name: 'x', owner: 'ann', m: 1 }],
    ],
    [
      'project leaves group keys out when asked to',
      [
        group([['name', 'name']], field('n', 'count')),
        { project: { exclude_keys: true, fields: [copy('n', 'm')] } },
      ],
      [{ m: 2 }, { m: 1 }],
    ],
    [
      'project replaces a key of that name',
      [group([['name', 'name']], field('n', 'count')), project(copy('n', 'name'))],
      [{ name: 2 }, { name: 1 }],
    ],
    [
      'size of lists, null for what is none',
      [project({ k: 'data.disks', n: 's', o: 'size' }, { key: 'addresses', name: 'a', operator: 'size' })],
      [
        { s: 2, a: 2 },
        { s: 0, a: 0 },
        { s: null, a: 0 },
      ],
    ],
    [
      'object_to_array and back',
      [
        { limit: 2 },
        project({ k: 'data.os', n: 'pairs', o: 'object_to_array' }),
        project(copy('pairs', 'pairs'), { k: 'pairs', n: 'os', o: 'array_to_object' }),
      ],
      [
        { pairs: [{ k: 'name', v: 'linux' }], os: { name: 'linux' } },
        {
          pairs: [
            { k: 'arch', v: 'arm' },
            { k: 'name', v: 'linux' },
          ],
          os: { name: 'linux', arch: 'arm' },
        },
      ],
    ],
    [
      'a pipeline without group shows whole records',
      [{ sort: { key: 'sample_id' } }, { skip: 1 }, { limit: 1 }],
      [
        {
          sample_id: 'b',
          name: 'y',
          owner: 'ann',
          state: 'OPEN',
          size: 1,
          big: null,
          ratio: null,
          is_open: false,
          seen_at: '2026-02-02T00:00:00.000Z',
          addresses: [],
          data: { os: { name: 'linux', arch: 'arm' }, n: '2', disks: [] },
          tags: {},
          by_provider: {},
          sample_key: 'ann.y',
          reference: { external_id: '', options: {} },
          notes: [{ author: 'ann', stars: 3 }],
        },
      ],
    ],
  ])
})

describe('distinct', () => {
  test.each<readonly [path: string, values: JsonValue]>([
    ['name', ['x', 'y']],
    ['size', [1, 3]],
    ['addresses', ['10.0.0.1', '10.0.0.2']],
    ['seen_at', ['2026-01-02T03:04:05.678Z', '2026-02-02T00:00:00.000Z']],
    ['is_open', [false, true]],
    ['data.n', ['2', 2]],
    ['data.list', ['single', 1, [2]]],
    ['data.disks.gb', [1, 2.5]],
    ['data.disks.0.gb', [1]],
    ['data.none', []],
    ['tags.team.name', ['ops']],
    ['notes.stars', [1, 3, 5]],
    ['reference.external_id', ['', 'e1']],
  ])('%s', async (distinct, results) => {
    expect(await askStat(database.db, DOMAIN, { distinct })).toEqual({ results })
  })

  test('aggregate wins over it', async () => {
    const query = { distinct: 'name', aggregate: [{ count: { name: 'n' } }] }
    expect(await askStat(database.db, DOMAIN, query)).toEqual({ results: [{ n: 3 }] })
  })
})

describe('a page', () => {
  const aggregate = [group([['sample_id', 'id']])]
  test.each<readonly [page: JsonObject, ids: readonly string[], total: number | undefined]>([
    [{ limit: 2 }, ['a', 'b'], 3],
    [{ start: 2, limit: 1 }, ['b'], 3],
    [{ start: 0, limit: 1 }, ['a'], 3],
    [{ start: 9, limit: 1 }, [], 3],
    [{ start: 3 }, ['a', 'b', 'c'], undefined],
    [{ start: 4_294_967_295, limit: 4_294_967_295 }, [], 3],
  ])('%j', async (page, ids, total) => {
    const answer = await askStat(database.db, DOMAIN, { aggregate, page })
    const results = ids.map((id) => ({ id }))
    expect(answer).toEqual(total === undefined ? { results } : { results, total_count: total })
  })

  test('of distinct values', async () => {
    const query = { distinct: 'size', page: { start: 2, limit: 5 } }
    expect(await askStat(database.db, DOMAIN, query)).toEqual({ results: [3], total_count: 2 })
  })

  test('of no rows counts 0', async () => {
    const answer = await askStat(database.db, 'domain-empty', { aggregate, page: { limit: 1 } })
    expect(answer).toEqual({ results: [], total_count: 0 })
  })
})
