import { afterAll, beforeAll, expect, test } from 'vitest'
import { GUIDE_DOMAIN, givenSampleInventory } from '../docs/sample-inventory.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { RESOURCE, startFakeApi } from './fake-api.ts'
import { type RunOptions, gleaner as runAt } from './gleaner.ts'

const PAST = '/gleaner/v1/history/list'
const MANY = 2_345

let server: TestApp
beforeAll(async () => {
  server = await startTestApp({
    args: ['--roles', 'api'],
    given: async ({ db }) => {
      await givenSampleInventory(db)
      await db.query(
        `insert into cloud_service (domain_id, cloud_service_id, provider, cloud_service_group, cloud_service_type, name, data,
                                    created_at, updated_at, created_seq)
         select $1, 'cloud-svc-' || substr(md5(n::text), 1, 12), 'many', 'G', 'T', 'n' || n, jsonb_build_object('n', n),
                '2026-01-01', '2026-01-01', 1 from generate_series(1, $2::int) n`,
        [GUIDE_DOMAIN, MANY],
      )
      await db.query(
        `insert into cloud_service (domain_id, cloud_service_id, provider, cloud_service_group, cloud_service_type, name, tags,
                                    created_at, updated_at, created_seq)
         values ($1, 'cloud-svc-0000000000f1', 'dotted', 'G', 'T', 'pod', $2, '2026-01-01', '2026-01-01', 1)`,
        [GUIDE_DOMAIN, { kubernetes: { 'app.kubernetes.io/name': 'shop', app: 'web' } }],
      )
    },
  })
})
afterAll(() => server.stop())

const gleaner = (args: readonly string[], options: RunOptions = {}) => runAt(server.url, args, options)

test.each([
  [['resources', '--provider', 'many', '--all', '--columns', 'data.n,name']],
  [['search', 'provider:many', '--format', 'csv', '--columns', 'data.n,name']],
])('%j writes each resource of all pages once', async (args) => {
  const { code, out, notices } = await gleaner(args)
  const [heading, ...lines] = out.trimEnd().split('\n')
  expect([code, heading]).toEqual([0, 'data.n,name'])
  const numbers = lines.map((line) => Number(line.split(',')[0]))
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: MANY }, (_, at) => at + 1))
  expect(notices).toMatch(/^2,345 resources as of 20.*Z\.\n$/)
})

test('the key of a tag may have dots', async () => {
  const columns = 'tags.kubernetes.app.kubernetes.io/name,tags.kubernetes.app'
  const { out } = await gleaner(['resources', '--provider', 'dotted', '--all', '--columns', columns])
  expect(out).toBe(`${columns}\nshop,web\n`)
  const list = await gleaner(['resources', '--provider', 'dotted', '--only', columns])
  expect(list.out).toMatch(/^shop +web$/m)
})

const LIST = '/inventory/v1/cloud-service/list'
const SEARCH = '/gleaner/v1/search/resources'
const COVERAGE = {
  complete: false,
  complete_count: 1,
  total_count: 2,
  oldest_evidence_at: '',
  incomplete: [],
}
const COMPLETE = { ...COVERAGE, complete: true, complete_count: 2 }

test.each([
  [['resources', '--filter', 'name=sda'], LIST, COVERAGE, 0, 'Incomplete: 1 of 2 cells known'],
  [['resources', '--strict'], LIST, COVERAGE, 4, 'Incomplete: 1 of 2 cells known'],
  [['search', 'sda', '--strict'], SEARCH, COVERAGE, 4, 'Incomplete: 1 of 2 cells known'],
  [['search', 'sda', '--strict'], SEARCH, COMPLETE, 0, 'Complete: 2 of 2 cells known'],
  [['search', 'sda', '--strict'], SEARCH, undefined, 4, 'Incomplete: no collector has looked'],
])(
  '%j --all asks %s once how complete it is: %j ends with %i',
  async (args, path, coverage, expected, said) => {
    const headers: Record<string, string> =
      coverage === undefined ? {} : { 'x-gleaner-coverage': JSON.stringify(coverage) }
    const api = await startFakeApi({
      [path]: () => ({ json: { results: [RESOURCE], total_count: 1 }, headers }),
      [PAST]: () => ({ json: { results: [RESOURCE], total_count: 1, as_of: 'T' } }),
    })
    const { code, out, notices } = await runAt(api.url, [...args, '--all'])
    expect([code, out.split('\n').length, notices]).toEqual([expected, 3, expect.stringContaining(said)])
    expect(api.calls.map((call) => [call.path, call.asksForCoverage])).toEqual([
      [path, true],
      [PAST, false],
    ])
    await api.die()
  },
)

test('an export of the past does not ask how complete the inventory is now', async () => {
  const api = await startFakeApi({
    [PAST]: () => ({ json: { results: [RESOURCE], total_count: 1, as_of: 'T' } }),
  })
  expect(await runAt(api.url, ['resources', '--all', '--as-of', '7d'])).toMatchObject({ code: 0 })
  expect(api.calls.map((call) => call.path)).toEqual([PAST])
  await api.die()
})

test('lines of JSON are whole documents, or their columns', async () => {
  const whole = (await gleaner(['resources', '--provider', 'azure', '--format', 'jsonl'])).out
  expect(JSON.parse(whole)).toMatchObject({ name: 'shop web', data: { os: 'linux' }, tags: { azure: {} } })
  const part = (await gleaner(['resources', '--provider', 'azure', '--format', 'jsonl', '--only', 'name']))
    .out
  expect(JSON.parse(part)).toEqual({ cloud_service_id: 'cloud-svc-0000000000c1', name: 'shop web' })
})

test('the past is exported as it was', async () => {
  const args = [
    'resources',
    '--all',
    '--only',
    'name,data.cores',
    '--as-of',
    '2025-12-10',
    '--account',
    '111122223333',
  ]
  const { out, notices } = await gleaner(args)
  expect(out.split('\n')).toContain('web-1,2')
  expect(notices).toContain('as of 2025-12-10T00:00:00.000Z.')
})

test('a page of the past is the same without its total', async () => {
  const page = async (more: object) => {
    const body = { domain_id: GUIDE_DOMAIN, as_of: '2025-12-17', query: { only: ['name'] }, ...more }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${server.url}${PAST}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return answer.json()
  }
  expect(await page({})).toMatchObject({ total_count: 5, results: { length: 5 } })
  expect(await page({ without_total: true })).toMatchObject({ total_count: 0, results: { length: 5 } })
})

test('the same instant is asked for on each page, and the next begins behind the last id', async () => {
  const page = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => ({ ...RESOURCE, cloud_service_id: `c-${from + at}` }))
  let asked = 0
  const api = await startFakeApi({
    [PAST]: () => ({
      json: { results: asked++ === 0 ? page(1_000, 1) : page(5, 1_001), total_count: 1_005, as_of: 'T' },
    }),
  })
  const ran = await runAt(api.url, ['resources', '--all', '--filter', 'name=sda'])
  expect([ran.code, ran.out.split('\n')]).toEqual([0, expect.objectContaining({ length: 1_007 })])
  const [first, second] = api.callsOf(PAST).map(({ body }) => body)
  expect([first?.as_of, second?.as_of]).toEqual(['now', 'T'])
  // Counting costs more than a page.
  expect([first?.without_total, second?.without_total]).toEqual([undefined, true])
  expect(second?.query).toMatchObject({
    filter: [{ key: 'name' }, { key: 'cloud_service_id', operator: 'gt', value: 'c-1000' }],
    sort: { key: 'cloud_service_id' },
  })
  await api.die()
})

test('what was not there on the first page, and what history does not hold, makes the export incomplete', async () => {
  const unknown = [{ path: 'data.load', cloud_service_ids: ['cloud-svc-1'] }]
  const api = await startFakeApi({
    [PAST]: () => ({ json: { results: [RESOURCE], total_count: 2, as_of: 'T', unknown } }),
  })
  const { code, notices } = await runAt(api.url, ['resources', '--all'])
  expect([code, notices]).toEqual([4, expect.stringContaining('data.load of 1 resource')])
  expect(notices).toContain('The first page told of 2')
  await api.die()
})

test('cells are quoted, formulas are texts, and numbers stay numbers', async () => {
  const names = ['a,b', 'say "x"', 'two\nlines', '\n=1+1', '=1+1', '@SUM(A1)', '-2+3', '+49', '-5', 'plain']
  const results = [...names, -7, true, null, ['a', 1], { k: 'v' }].map((n) => ({ data: { n } }))
  const api = await startFakeApi({
    [PAST]: () => ({ json: { results, total_count: results.length, as_of: 'T' } }),
  })
  const { out } = await runAt(api.url, ['resources', '--all', '--columns', 'data.n'])
  expect(out).toBe(
    [
      ...[
        'data.n',
        '"a,b"',
        '"say ""x"""',
        '"two\nlines"',
        '"\'\n=1+1"',
        "'=1+1",
        "'@SUM(A1)",
        "'-2+3",
        '+49',
        '-5',
        'plain',
      ],
      ...['-7', 'true', '""', '"[""a"",1]"', '"{""k"":""v""}"', ''],
    ].join('\n'),
  )
  await api.die()
})

test('a terminal shows how far it is, and is not steered by a name', async () => {
  const evil = { ...RESOURCE, name: 'evil\u001b[2J' }
  const api = await startFakeApi({
    [PAST]: () => ({ json: { results: [evil], total_count: 1, as_of: 'T' } }),
  })
  const { out } = await runAt(api.url, ['resources', '--all', '--only', 'name'], { columns: 80 })
  expect(out).toBe('name\nevil\\x1b[2J\n')
  const piped = await runAt(api.url, ['resources', '--all', '--only', 'name'], { noticeColumns: 80 })
  expect(piped.out).toBe('name\nevil\u001b[2J\n')
  expect(piped.notices).toBe('\r\u001b[K1 of 1 resource\r\u001b[K1 resource as of T.\n')
  await api.die()
})

test.each([
  [['resources', '--all', '--json'], '--format jsonl'],
  [['resources', '--all', '--limit', '5'], '--limit'],
  [['search', 'x', '--format', 'xml'], 'CSV, JSONL'],
  [['resources', '--format', 'csv', '--page', '2'], '--page'],
  [['resources', '--all', '--strict', '--as-of', '7d'], '--as-of'],
  [['resources', '--all', '--columns', ' , '], 'words with commas'],
])('%j is no command line: %s', async (args, why) => {
  expect(await gleaner(args)).toMatchObject({ code: 2, out: '', notices: expect.stringContaining(why) })
})

const AWAY = { status: 503, json: { detail: { code: 'ERROR_STOPPING', message: 'the server stops' } } }

test.each([
  ['a server', AWAY],
  ['a proxy whose server is away', { status: 502, text: '<html>Bad Gateway</html>' }],
])('%s that is away for a moment is waited for', async (_, away) => {
  let asked = 0
  const pages = [
    { results: Array.from({ length: 1_000 }, (_, at) => ({ cloud_service_id: `c-${at}` })) },
    { results: [RESOURCE] },
  ]
  const api = await startFakeApi({
    [PAST]: () =>
      asked++ === 1 ? away : { json: { ...pages[asked === 1 ? 0 : 1], total_count: 1_001, as_of: 'T' } },
  })
  const { code, out } = await runAt(api.url, ['resources', '--all'], { patienceMs: 30_000 })
  expect([code, asked, out.split('\n').length]).toEqual([0, 3, 1_003])
  await api.die()
})

test('a server that goes away says how much was written', async () => {
  let asked = 0
  const page = Array.from({ length: 1_000 }, (_, at) => ({ cloud_service_id: `c-${at}` }))
  const api = await startFakeApi({
    [PAST]: () => (asked++ === 0 ? { json: { results: page, total_count: 9_000, as_of: 'T' } } : AWAY),
  })
  const { code, notices } = await runAt(api.url, ['resources', '--all'], { patienceMs: 0 })
  expect([code, notices]).toEqual([1, expect.stringContaining('Ended early: 1,000 resources were written.')])
  await api.die()
})
