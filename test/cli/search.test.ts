import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeApi, RESOURCE, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

const PATH = '/gleaner/v1/search/resources'
let api: FakeApi

beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api.die())

test.each(['search', 'resources'])('%s sends the text and shows the table of resources', async (command) => {
  const args = [command, 'type:disk !state:deleted', '--limit', '10', '--page', '3']
  const { code, out } = await gleaner(api.url, args)
  expect(code).toBe(0)
  expect(out).toMatch(/sda\s+host\/Storage\/Disk\s+-\s+machine-1\s+cloud-svc-0123456789ab\s+1 min ago/)
  expect(api.callsOf(PATH)[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    text: 'type:disk !state:deleted',
    page: { start: 21, limit: 10 },
    only: expect.arrayContaining(['name', 'region_code']),
  })
  expect(api.calls).toHaveLength(1)
})

test.each([
  [['type:disk', 'name~sd'], 'type:disk name~sd'],
  [['type:disk', 'system disk'], 'type:disk "system disk"'],
  [['system disk'], 'system disk'],
  [['type:disk name~sd', 'x'], 'type:disk name~sd x'],
  [['"a b"', 'c'], '"a b" c'],
])('arguments %j are the text %s', async (args, text) => {
  await gleaner(api.url, ['search', ...args])
  expect(api.callsOf(PATH)[0]?.body.text).toBe(text)
})

test.each(['search', 'resources'])(
  '%s asks how complete the answer is, and says it in one line',
  async (command) => {
    const cell = { provider: 'acme', cloud_service_group: 'Store', cloud_service_type: 'Bucket' }
    const denied = { ...cell, account: 'acc-1', region_code: 'us-1', state: 'partial', reason: 'denied: no' }
    const coverage = {
      complete: false,
      complete_count: 5,
      total_count: 6,
      oldest_evidence_at: '2026-01-02T00:05:00.000Z',
      incomplete: [denied],
    }
    const headers = { 'x-gleaner-coverage': JSON.stringify(coverage) }
    api.on(PATH, () => ({ json: { results: [RESOURCE], total_count: 1 }, headers }))

    const { code, out } = await gleaner(api.url, [command, 'type:disk'])

    expect(code).toBe(0)
    expect(api.callsOf(PATH)[0]?.asksForCoverage).toBe(true)
    expect(out.split('\n').at(-2)).toBe(
      'Incomplete: 5 of 6 cells known, oldest evidence 3 h ago; unknown: acme/Store/Bucket acc-1 us-1: denied: no.',
    )
  },
)

const INCOMPLETE = {
  complete: false,
  complete_count: 0,
  total_count: 1,
  oldest_evidence_at: '',
  incomplete: [{ provider: 'acme', state: 'unknown', reason: 'it was never listed completely' }],
}
const COMPLETE = { ...INCOMPLETE, complete: true, complete_count: 1, incomplete: [] }
const SAID = 'Incomplete: 0 of 1 cell known; unknown: acme: it was never listed completely.\n'

test.each<[object | undefined, string[], number, string]>([
  [INCOMPLETE, [], 0, SAID],
  [INCOMPLETE, ['--strict'], 4, SAID],
  [COMPLETE, ['--strict'], 0, ''],
  [undefined, [], 0, ''],
  [
    undefined,
    ['--strict'],
    4,
    'Incomplete: no collector has looked for this, or the server does not tell.\n',
  ],
])(
  'with --json coverage %j and options %j give exit code %i, and what is not known is a notice',
  async (coverage, options, expected, said) => {
    const headers: Record<string, string> =
      coverage === undefined ? {} : { 'x-gleaner-coverage': JSON.stringify(coverage) }
    api.on(PATH, () => ({ json: { results: [RESOURCE], total_count: 1 }, headers }))

    const { code, out, notices } = await gleaner(api.url, ['search', 'sda', '--json', ...options])

    expect([code, notices]).toEqual([expected, said])
    expect(JSON.parse(out)).toEqual({ results: [RESOURCE], total_count: 1 })
  },
)

test('--strict ends with 4 behind the table, too, and is refused for the past', async () => {
  const headers = { 'x-gleaner-coverage': JSON.stringify(INCOMPLETE) }
  api.on(PATH, () => ({ json: { results: [RESOURCE], total_count: 1 }, headers }))
  const { code, out } = await gleaner(api.url, ['resources', 'sda', '--strict'])
  expect([code, out.endsWith(SAID)]).toEqual([4, true])
  const past = await gleaner(api.url, ['search', 'sda', '--strict', '--as-of', '7d'])
  expect([past.code, past.notices]).toMatchObject([2, expect.stringContaining('--as-of')])
})

test('--only chooses the columns', async () => {
  const { out } = await gleaner(api.url, ['search', 'sda', '--only', 'name,data.size_bytes'])
  expect(out.split('\n').slice(0, 2)).toEqual(['name  data.size_bytes', 'sda              1024'])
})

test('--json is the document of the API', async () => {
  const { out } = await gleaner(api.url, ['search', 'sda', '--json'])
  expect(JSON.parse(out)).toEqual({ results: [RESOURCE], total_count: 1 })
  expect(api.callsOf(PATH)[0]?.body).not.toHaveProperty('only')
})

test('what is wrong with a text is shown below it, with the carets where the server put them', async () => {
  const message = "unknown field 'regoin' at character 3\n  a regoin:x\n    ^^^^^^"
  api.on(PATH, () => ({ status: 400, json: { detail: { code: 'ERROR_SEARCH_SYNTAX', message } } }))
  const { code, out, notices } = await gleaner(api.url, ['search', 'a regoin:x'])
  expect([code, out, notices]).toEqual([1, '', `error: ERROR_SEARCH_SYNTAX: ${message}\n`])
})

test('a text does not go together with options that select, and a search needs a text', async () => {
  const both = await gleaner(api.url, ['resources', 'type:disk', '--region', 'r'])
  expect(both).toMatchObject({ code: 2, out: '', notices: expect.stringContaining('--region') })
  const none = await gleaner(api.url, ['search'])
  expect(none).toMatchObject({
    code: 2,
    notices: expect.stringContaining("missing required argument 'text'"),
  })
  expect(api.calls).toEqual([])
})

const PAST = '/gleaner/v1/history/list'
const AS_OF = '2025-12-26T03:05:00.000Z'

test('--as-of asks the past, and says what is not in the history', async () => {
  const unknown = [{ path: 'data.load', cloud_service_ids: ['cloud-svc-1', 'cloud-svc-2'] }]
  api.on(PAST, () => ({ json: { results: [RESOURCE], total_count: 1, as_of: AS_OF, unknown } }))

  const { code, out } = await gleaner(api.url, ['search', 'type:disk', '--as-of', '7d'])

  expect(code).toBe(0)
  expect(out.split('\n').slice(-3)).toEqual([
    `As of ${AS_OF}. Showing 1 of 1 resource.`,
    'Not in the history: data.load of 2 resources, which has changed since.',
    '',
  ])
  expect(api.calls.map(({ body }) => body)).toMatchObject([{ as_of: 'now-7d', text: 'type:disk' }])
})

test.each([
  [['resources', '--provider', 'host', '--filter', 'data.size=1', '--as-of', 'now/d'], PAST],
  [['resources', 'show', 'cloud-svc-1', '--as-of', 'now/d'], '/gleaner/v1/history/get'],
  [['resource', 'cloud-svc-1', '--as-of', 'now/d'], '/gleaner/v1/history/get'],
])('%j asks %s', async (args, path) => {
  api.on(path, () => ({
    json: { resource: RESOURCE, results: [RESOURCE], as_of: AS_OF, unknown_paths: ['data.load'] },
  }))
  const { code, out } = await gleaner(api.url, args)
  expect([code, api.calls.map((call) => call.path)]).toEqual([0, [path]])
  expect(api.calls[0]?.body).toMatchObject({ as_of: 'now/d' })
  if (path === PAST) {
    const filter = [{ key: 'data.size' }, { key: 'provider', operator: 'eq', value: 'host' }]
    expect(api.calls[0]?.body.query).toMatchObject({ filter })
  } else expect(out).toContain('Not in the history: data.load')
  expect(out).toContain('sda')
})

test('diff sends its instants, and blame says what is not recorded', async () => {
  api.on('/gleaner/v1/history/diff', () => ({ json: { kinds: [], from: 'A', to: 'B' } }))
  const blamed = { path: 'data.load', value: 3, at: '2026-01-02T03:04:00.000Z', recorded: false }
  const old = { path: 'name', value: 'sda', at: '', recorded: false }
  const json = { results: [blamed, old], total_count: 3, history_since: '2025-12-01T00:00:00.000Z' }
  api.on('/gleaner/v1/history/blame', () => ({ json }))

  const diff = await gleaner(api.url, [
    'diff',
    'type:disk',
    '--from',
    '2 d',
    '--what',
    'deleted',
    '--page',
    '2',
  ])
  const blame = await gleaner(api.url, ['blame', 'cloud-svc-1', 'data'])

  expect(diff.out).toBe('No differences between A and B.\n')
  expect(blame.out.split('\n').slice(1)).toEqual([
    'data.load  3      1 min ago          not in the history',
    'name       sda    before 2025-12-01  not in the history',
    'Showing 2 of 3 values; a path narrows them.',
    '',
  ])
  expect(api.calls.map(({ body }) => body)).toMatchObject([
    {
      from: 'now-2 d',
      to: '',
      difference: 'deleted',
      text: 'type:disk',
      query: { page: { start: 51, limit: 50 } },
    },
    { cloud_service_id: 'cloud-svc-1', path: 'data' },
  ])
})
