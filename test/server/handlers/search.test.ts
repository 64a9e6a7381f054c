import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SearchRequestSchema, SearchResponseSchema } from '../../../src/gen/gleaner/v1/search_pb.ts'
import { cloudServiceService } from '../../../src/server/handlers/cloud-service.ts'
import { searchService } from '../../../src/server/handlers/search.ts'
import { givenDomain } from '../../inventory/read/given.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const DOMAIN = 'domain-search'
const ROWS = [
  {
    cloud_service_id: 'web-1',
    name: 'Web server 1',
    region_code: 'eu-1',
    ip_addresses: ['10.0.0.1'],
    tags: { aws: { team: 'ops', '2024': 'kept', 'a.b': 'dotted' } },
    data: { cores: 8, os: 'linux' },
    account: 'a1',
  },
  {
    cloud_service_id: 'web-2',
    name: 'server of the web',
    region_code: 'eu-2',
    tags: { custom: { team: 'ops' }, aws: { team: 'dev' } },
    data: { cores: '8' },
  },
  {
    cloud_service_id: 'vol-1',
    name: 'disk',
    cloud_service_type: 'Volume',
    region_code: 'us-1',
    data: { cores: 4 },
  },
  { cloud_service_id: 'db-1', name: 'db', cloud_service_group: 'RDS', region_code: 'eu-1', state: 'DELETED' },
]

let database: TestDatabase
let api: TestApi

beforeAll(async () => {
  database = await createTestDatabase()
  const given = await givenDomain(database.db, DOMAIN)
  for (const row of ROWS) await given.cloudService(row)
  const other = await givenDomain(database.db, 'domain-other')
  await other.cloudService({ cloud_service_id: 'theirs', name: 'web' })
  api = await startApi([searchService, cloudServiceService], {}, database.db)
})

afterAll(async () => {
  await api.stop()
  await database.drop()
})

type Answer = {
  readonly results: readonly Record<string, unknown>[]
  readonly total_count: number
  readonly detail?: { readonly code: string; readonly message: string }
}

async function post(path: string, body: object): Promise<{ status: number; json: Answer }> {
  const { status, text } = await api.post(path, JSON.stringify({ domain_id: DOMAIN, ...body }))
  return { status, json: JSON.parse(text) }
}

const search = (body: object) => post('/gleaner/v1/search/resources', body)

async function idsOf(text: string): Promise<readonly unknown[]> {
  const { json } = await search({ text, sort: { key: 'cloud_service_id' } })
  return json.results.map(({ cloud_service_id: id }) => id)
}

describe('a text finds what it means', () => {
  test.each<[string, readonly string[]]>([
    ['', ['vol-1', 'web-1', 'web-2']],
    ['web', ['web-1', 'web-2']],
    ['web server', ['web-1', 'web-2']],
    ['"web server"', ['web-1']],
    ['!"web server"', ['vol-1', 'web-2']],
    ['!web', ['vol-1']],
    ['type:INST', ['web-1', 'web-2']],
    ['type=Inst', []],
    ['kind:EC2/Volume', ['vol-1']],
    ['!kind:EC2/Volume', ['web-1', 'web-2']],
    ['region:eu-1,us-1', ['vol-1', 'web-1']],
    ['region~EU', ['web-1', 'web-2']],
    ['state:deleted', ['db-1']],
    ['!state:deleted region:eu-1', ['web-1']],
    ['account:*', ['web-1']],
    ['!account:*', ['vol-1', 'web-2']],
    ['ip~10.0.', ['web-1']],
    ['tag.team:ops', ['web-1', 'web-2']],
    ['tag.team:dev', ['web-2']],
    ['!tag.team:dev', ['vol-1', 'web-1']],
    ['tag.team:*', ['web-1', 'web-2']],
    ['!tag.team:*', ['vol-1']],
    ['tag.team~OP', ['web-1', 'web-2']],
    ['tag.team:dev,kept', ['web-2']],
    ['tag.2024:kept', ['web-1']],
    ['tag.a.b:dotted', ['web-1']],
    ['tags.aws.team:ops', ['web-1']],
    ['data.cores:8', ['web-1', 'web-2']],
    ['data.cores:"8"', ['web-2']],
    ['data.cores<8', ['vol-1']],
    ['created>now-1h', []],
    ['created<now', ['vol-1', 'web-1', 'web-2']],
    ['created>=2026-01-01 created<2026-01-02 web', ['web-1', 'web-2']],
  ])('%s', async (text, ids) => {
    expect(await idsOf(text)).toEqual(ids)
  })
})

test('the answer holds the query, which finds the same as a list', async () => {
  const text = 'type:instance "server" !tag.team:dev'
  const { json } = await search({ text, only: ['name'] })
  expect(json).toEqual({
    results: [{ name: 'Web server 1' }],
    total_count: 1,
    filter: [
      { key: 'cloud_service_type', value: 'instance', operator: 'contain' },
      { key: 'tags.*.team', value: 'dev', operator: 'not' },
    ],
    filter_or: [],
    keyword: 'server',
  })
  const { results, total_count: _, ...query } = json
  const listed = await post('/inventory/v1/cloud-service/list', { query: { ...query, only: ['name'] } })
  expect(listed.json.results).toEqual(results)
})

test('sort, page and only work as in a list', async () => {
  const sort = { key: 'name', desc: true }
  const { json } = await search({
    text: 'web',
    sort,
    page: { start: 2, limit: 1 },
    only: ['cloud_service_id'],
  })
  expect(json).toMatchObject({ results: [{ cloud_service_id: 'web-1' }], total_count: 2 })
  expect((await search({ text: '', only: ['nonsense'] })).json.detail?.message).toContain("'nonsense'")
  expect((await search({ text: '', sort: { key: 'tags.*.team' } })).json.detail?.message).toContain(
    'no order',
  )
})

test('over gRPC it finds the same and refuses the same', async () => {
  const call = (text: string) =>
    api.call(
      '/gleaner.v1.Search/resources',
      toBinary(SearchRequestSchema, create(SearchRequestSchema, { domainId: DOMAIN, text })),
    )
  const { bytes } = await call('region:eu-2')
  expect(fromBinary(SearchResponseSchema, bytes ?? new Uint8Array())).toMatchObject({
    results: [{ cloudServiceId: 'web-2' }],
    totalCount: 1,
    filter: [{ keyAlias: { case: 'key', value: 'region_code' } }],
  })

  const rest = await search({ text: 'web regoin:eu-2' })
  expect(rest).toMatchObject({ status: 400, json: { detail: { code: 'ERROR_SEARCH_SYNTAX' } } })
  const { code, details } = await call('web regoin:eu-2')
  expect(code).toBe(3)
  expect(details).toBe(`ERROR_SEARCH_SYNTAX: ${rest.json.detail?.message}`)
  expect(details).toContain('\n  web regoin:eu-2\n      ^^^^^^')
})

describe('what is typed stays data', () => {
  const hostile = [
    `'; drop table cloud_service; --`,
    `' or '1'='1`,
    `") or true --`,
    `\\"] ? (@ == 1) || $.** ? (true`,
    `" || @ like_regex ".*`,
    `$1 %_\\`,
    `{"a":1}`,
    `__proto__`,
    `*`,
    `\u2028\u0001😀`,
  ]
  const places: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => `name:${quoted(text)}`,
    (text) => `name~${quoted(text)},x`,
    (text) => `!${quoted(text)}`,
    (text) => `${quoted(text)}:x`,
    (text) => `tag.${quoted(text)}:x`,
    (text) => `tag.team:${quoted(text)}`,
    (text) => `tags.${quoted(text)}.team:x`,
    (text) => `data.${quoted(text)}>1`,
    (text) => `data.cores:${quoted(text)}`,
    (text) => `data.cores>${quoted(text)}`,
    (text) => `kind:${quoted(text)}/x`,
    (text) => `created>${quoted(text)}`,
  ]

  test.each(hostile)('%j', async (text) => {
    for (const place of places) {
      const { status, json } = await search({ text: place(text) })
      expect(status === 200 || json.detail?.code === 'ERROR_SEARCH_SYNTAX', place(text)).toBe(true)
      expect(JSON.stringify(json)).not.toContain('theirs')
    }
    expect(await idsOf('')).toHaveLength(3)
  })
})

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
