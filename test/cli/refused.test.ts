import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { isReading, readRetryAfter } from '../../src/cli/retry-refused.ts'
import { COLLECTOR, type Reply, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

const LIST = '/inventory/v1/collector/list'
const CREATE = '/gleaner/v1/api-key/create'
const REFUSED: Reply = {
  status: 429,
  json: { detail: { code: 'ERROR_TOO_MANY_REQUESTS', message: 'too many' } },
  headers: { 'retry-after': '0' },
}

const api = await startFakeApi()
afterAll(() => api.die())
beforeEach(() => void api.calls.splice(0))

/** Answers so many calls with this, and the next ones well. */
function refuse(path: string, times: number, reply: Reply = REFUSED, well: Reply = { json: {} }): void {
  let left = times
  api.on(path, () => (left-- > 0 ? reply : well))
}

const FOUND: Reply = { json: { results: [COLLECTOR], total_count: 1 } }

describe('a question that a server with too much to do refuses', () => {
  test('is asked again when the server says', async () => {
    refuse(LIST, 3, REFUSED, FOUND)
    const { code, out } = await gleaner(api.url, ['collectors'])
    expect([code, api.callsOf(LIST).length]).toEqual([0, 4])
    expect(out).toContain('This machine')
  })

  test('is asked four times in all, and then the refusal is told', async () => {
    refuse(LIST, 100)
    const { code, notices } = await gleaner(api.url, ['collectors'])
    expect([code, api.callsOf(LIST).length]).toEqual([1, 4])
    expect(notices).toContain('ERROR_TOO_MANY_REQUESTS: too many')
  })

  test.each([
    ['says no time', {}],
    ['asks for minutes', { 'retry-after': '120' }],
  ])('is asked once where the server %s', async (_what, headers: Record<string, string>) => {
    refuse(LIST, 100, { ...REFUSED, headers })
    expect((await gleaner(api.url, ['collectors'])).code).toBe(1)
    expect(api.callsOf(LIST)).toHaveLength(1)
  })
})

test('what changes something is asked once', async () => {
  refuse(CREATE, 100)
  expect((await gleaner(api.url, ['keys', 'create', 'ci', '--role', 'viewer'])).code).toBe(1)
  expect(api.callsOf(CREATE)).toHaveLength(1)
})

test.each([
  ['/inventory/v1/collector/list_schedules', true],
  ['/gleaner/v1/coverage/list-holds', true],
  ['/gleaner/v1/search/resources', true],
  ['/gleaner/v1/schedule/next-runs', true],
  ['/repository/v1/plugin/get-versions', true],
  ['/inventory/v1/collector/collect', false],
  ['/gleaner/v1/coverage/undo', false],
  ['/gleaner/v1/coverage/release-hold', false],
  ['/gleaner/v1/schedule/set-time-zone', false],
  ['/inventory/v1/collector/delete_schedule', false],
])('%s only reads: %s', (path, expected) => {
  expect(isReading(path)).toBe(expected)
})

test.each([
  ['7', 7_000],
  ['Fri, 02 Jan 2026 03:05:02 GMT', 2_000],
  ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
  ['soon', undefined],
  [null, undefined],
])('Retry-After %s is %s ms', (header, expected) => {
  expect(readRetryAfter(header, new Date('2026-01-02T03:05:00.000Z'))).toBe(expected)
})
