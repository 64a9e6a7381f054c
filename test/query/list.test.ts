import { afterAll, beforeAll, expect, test } from 'vitest'
import { getEntity, listEntities } from '../../src/query/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, findIds, givenSamples, sampleEntity, testContext, toQuery } from './sample.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
})

afterAll(() => database.drop())

function list(
  domainId: string,
  json: Parameters<typeof toQuery>[0] = {},
  options: { timeoutMs?: number } = {},
) {
  return listEntities(testContext(database.db), sampleEntity, { domainId, query: toQuery(json) }, options)
}

async function givenMany(domainId: string, count: number): Promise<void> {
  await database.db.query(
    `insert into sample (domain_id, sample_id, name, size)
     select $1, 's-' || lpad(i::text, 5, '0'), 'same', i % 3 from generate_series(1, $2) as i`,
    [domainId, count],
  )
}

test('a list without a page holds the first 1,000 and counts all', async () => {
  await givenMany('domain-first', 1_500)
  const { rows, totalCount } = await list('domain-first')
  expect([rows.length, totalCount]).toEqual([1_000, 1_500])
})

test.each([
  [{ limit: 5_000 }, 1_000],
  [{ limit: 0 }, 1_000],
  [{ start: 0, limit: 10 }, 10],
  [{ start: 1_201, limit: 10 }, 1],
  [{ start: 1_202, limit: 10 }, 0],
  [{ start: 4_294_967_295, limit: 4_294_967_295 }, 0],
])('page %j holds %i of 1,201 rows, and the count is of all', async (page, held) => {
  const domainId = `domain-page-${JSON.stringify(page)}`
  await givenMany(domainId, 1_201)
  const { rows, totalCount } = await list(domainId, { page })
  expect([rows.length, totalCount]).toEqual([held, 1_201])
})

test.each([{}, { key: 'name' }, { key: 'size', desc: true }, { key: 'data.none' }])(
  'pages sorted by %j show every row exactly once',
  async (sort) => {
    const domainId = `domain-cover-${JSON.stringify(sort)}`
    await givenMany(domainId, 103)
    const seen: unknown[] = []
    for (let start = 1; start <= 103; start += 10) {
      const { rows } = await list(domainId, { sort, page: { start, limit: 10 } })
      seen.push(...rows.map((row) => row.sampleId))
    }
    expect(new Set(seen).size).toBe(103)
    expect(seen.length).toBe(103)
  },
)

test('rows come in the order asked for, absent values first', async () => {
  await givenSamples(database.db, 'domain-sort', [
    { sample_id: 'a', name: 'x', size: 2, data: { n: 2 } },
    { sample_id: 'b', name: 'y', size: 1, data: { n: 10 } },
    { sample_id: 'c', name: 'x', data: {} },
  ])
  const ids = (sort: object) => findIds(database.db, 'domain-sort', { sort: { ...sort } })
  expect(await ids({})).toEqual(['a', 'c', 'b'])
  expect(await ids({ key: 'size' })).toEqual(['c', 'b', 'a'])
  expect(await ids({ key: 'size', desc: true })).toEqual(['a', 'b', 'c'])
  expect(
    await ids({
      keys: [
        { key: 'name', desc: true },
        { key: 'size', desc: true },
      ],
    }),
  ).toEqual(['b', 'a', 'c'])
  expect(await ids({ key: 'sample_id', desc: true, keys: [{ key: 'name' }] })).toEqual(['c', 'b', 'a'])
  expect(await ids({ key: 'data.n' })).toEqual(['c', 'a', 'b'])
  expect(await ids({ key: 'data.n', desc: true })).toEqual(['b', 'a', 'c'])
})

test('every word of a keyword must be in some keyword field', async () => {
  await givenSamples(database.db, 'domain-keyword', [
    { sample_id: 'k-1', name: 'Web front', addresses: ['10.0.0.7'] },
    { sample_id: 'k-2', name: 'web back', external_id: 'front-x' },
    { sample_id: 'k-3', name: 'mail', addresses: ['10.0.0.8'] },
  ])
  const find = (keyword: string, more = {}) =>
    findIds(database.db, 'domain-keyword', { keyword, sort: { key: 'sample_id' }, ...more })
  expect(await find('web')).toEqual(['k-1', 'k-2'])
  expect(await find('WEB  front')).toEqual(['k-1', 'k-2'])
  expect(await find('web 0.7')).toEqual(['k-1'])
  expect(await find('web mail')).toEqual([])
  expect(await find(' 	')).toEqual(['k-1', 'k-2', 'k-3'])
  const filterOr = { filter_or: [{ key: 'name', operator: 'eq', value: 'mail' }] }
  expect(await find('web', filterOr)).toEqual([])
})

test('count_only counts and returns no rows', async () => {
  await givenMany('domain-count', 12)
  const query = {
    count_only: true,
    filter: [{ key: 'size', operator: 'eq', value: 0 }],
    sort: { key: 'data.x' },
  }
  expect(await list('domain-count', query)).toEqual({ rows: [], totalCount: 4 })
})

test('only returns what it names and leaves the rest absent', async () => {
  await givenSamples(database.db, 'domain-only', [
    {
      sample_id: 'a',
      name: 'x',
      external_id: 'e',
      options: { p: 1, q: 2 },
      data: {
        os: { name: 'linux', arch: 'arm' },
        disks: [
          { gb: 1, id: 'a' },
          { gb: 2, id: 'b' },
        ],
      },
    },
  ])
  const only = async (...names: string[]) => (await list('domain-only', { only: names })).rows[0]
  expect(await only('name')).toEqual({ name: 'x' })
  expect(await only('name', 'data.os.name', 'data.disks.gb')).toEqual({
    name: 'x',
    data: { os: { name: 'linux' }, disks: [{ gb: 1 }, { gb: 2 }] },
  })
  expect(await only('data.os', 'data.os.name')).toEqual({ data: { os: { name: 'linux', arch: 'arm' } } })
  expect(await only('data.disks.1.gb')).toEqual({ data: { disks: [{ gb: 2 }] } })
  expect(await only('data.none', 'size')).toEqual({})
  expect(await only('reference.external_id')).toEqual({ reference: { externalId: 'e' } })
  expect(await only('reference.options.q')).toEqual({ reference: { options: { q: 2 } } })
  expect(await only('reference')).toEqual({ reference: { externalId: 'e', options: { p: 1, q: 2 } } })
  expect(await only('notes')).toEqual({ notes: [] })
})

test('minimal returns the few fields of the declaration, only wins over it', async () => {
  await givenSamples(database.db, 'domain-minimal', [
    { sample_id: 'a', name: 'x', external_id: 'e', size: 1 },
  ])
  const first = async (query: object) => (await list('domain-minimal', { ...query })).rows[0]
  expect(await first({ minimal: true })).toEqual({ sampleId: 'a', name: 'x', reference: { externalId: 'e' } })
  expect(await first({ minimal: true, only: ['size'] })).toEqual({ size: 1 })
})

test('a row has the shape of the message: camelCase, enum numbers, instants in milliseconds, no nulls', async () => {
  await givenSamples(database.db, 'domain-shape', [
    { sample_id: 'a', seen_at: '2026-01-02T03:04:05.678912Z' },
  ])
  await database.db.query(`insert into sample_note values ('domain-shape', 'a', 'ann', 5)`)
  expect((await list('domain-shape')).rows).toEqual([
    {
      sampleId: 'a',
      name: '',
      state: 1,
      seenAt: '2026-01-02T03:04:05.678Z',
      addresses: [],
      data: {},
      tags: {},
      byProvider: {},
      reference: { externalId: '', options: {} },
      notes: [{ author: 'ann', stars: 5 }],
    },
  ])
})

test('request fields narrow, and empty ones mean any', async () => {
  await givenSamples(database.db, 'domain-equals', [
    { sample_id: 'a', name: 'x', addresses: ['10.0.0.1'], external_id: 'e1', is_open: true },
    { sample_id: 'b', name: 'y', external_id: 'e2', is_open: false },
  ])
  const find = (equals: Parameters<typeof findIds>[3]) => findIds(database.db, 'domain-equals', {}, equals)
  expect(await find({ name: '', size: undefined })).toEqual(['a', 'b'])
  expect(await find({ name: 'y' })).toEqual(['b'])
  expect(await find({ address: '10.0.0.1' })).toEqual(['a'])
  expect(await find({ external_id: ['e1', 'e9'] })).toEqual(['a'])
  expect(await find({ is_open: false })).toEqual(['b'])
  expect(await find({ name: 'x', external_id: 'e2' })).toEqual([])
})

test('hidden rows appear when a condition looks at the field, and by id', async () => {
  await givenSamples(database.db, 'domain-hidden', [
    { sample_id: 'a', state: 'CLOSED' },
    { sample_id: 'b', state: 'OPEN' },
  ])
  const find = (query: Parameters<typeof findIds>[2], equals = {}) =>
    findIds(database.db, 'domain-hidden', query, equals)
  expect(await find({})).toEqual(['b'])
  expect(await find({}, { state: '' })).toEqual(['b'])
  expect(await find({}, { state: 'CLOSED' })).toEqual(['a'])
  expect(await find({ filter: [{ k: 'state', o: 'in', v: ['OPEN', 'CLOSED'] }] })).toEqual(['a', 'b'])
  const read = await getEntity(testContext(database.db), sampleEntity, { domainId: 'domain-hidden', id: 'a' })
  expect(read.state).toBe(2)
})

test('two domains never mix', async () => {
  await givenSamples(database.db, 'domain-one', [{ sample_id: 'same', name: 'mine' }])
  await givenSamples(database.db, 'domain-two', [
    { sample_id: 'same', name: 'theirs' },
    { sample_id: 'other' },
  ])
  await database.db.query(`insert into sample_note values ('domain-two', 'same', 'theirs', 1)`)
  const everything = {
    filter_or: [
      { key: 'name', operator: 'exists', value: true },
      { key: 'name', operator: 'exists', value: false },
    ],
  }
  expect(await list('domain-one', everything)).toMatchObject({
    rows: [{ name: 'mine', notes: [] }],
    totalCount: 1,
  })
  const notes = { filter: [{ key: 'notes.author', operator: 'eq', value: 'theirs' }] }
  expect(await list('domain-one', notes)).toEqual({ rows: [], totalCount: 0 })
  const get = getEntity(testContext(database.db), sampleEntity, { domainId: 'domain-one', id: 'other' })
  await expect(get).rejects.toMatchObject({ code: 'ERROR_NOT_FOUND', message: `sample 'other' not found` })
})

test('a get without an id says which field is missing', async () => {
  const get = getEntity(testContext(database.db), sampleEntity, { domainId: 'domain-one', id: '' })
  await expect(get).rejects.toMatchObject({ code: 'ERROR_REQUIRED_PARAMETER' })
})

test('a get returns only what is asked for', async () => {
  await givenSamples(database.db, 'domain-get', [{ sample_id: 'a', name: 'x' }])
  const input = { domainId: 'domain-get', id: 'a', only: ['name'] }
  expect(await getEntity(testContext(database.db), sampleEntity, input)).toEqual({ name: 'x' })
})

test('a statement beyond its time limit ends with an error that says so', async () => {
  await database.db.query(
    `insert into sample (domain_id, sample_id, data)
     select 'domain-slow', i::text, jsonb_build_object('text', repeat(md5(i::text), 300)) from generate_series(1, 4000) as i`,
  )
  const words = Array.from({ length: 300 }, (_, at) => `no such text ${at}`)
  const slow = list(
    'domain-slow',
    { filter: [{ key: 'data.text', operator: 'contain_in', value: words }] },
    { timeoutMs: 20 },
  )
  await expect(slow).rejects.toMatchObject({ kind: 'deadline', code: 'ERROR_STATEMENT_TIMEOUT' })
})
