import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { COLLECTOR, type FakeApi, type Reply, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

const FIRST: Reply = { status: 400, json: { detail: { code: 'ERROR_FIRST', message: 'the first failure' } } }
const SECOND: Reply = { status: 500, json: { detail: { code: 'ERROR_SECOND', message: 'the second' } } }

let api: FakeApi
let folder: string

beforeEach(async () => {
  api = await startFakeApi()
  folder = await mkdtemp(join(tmpdir(), 'gleaner-cli-'))
  await writeFile(join(folder, 'key.json'), '{"token":"hunter2"}')
})
afterEach(async () => {
  await api.die()
  await rm(folder, { recursive: true, force: true })
})

/** Commands of two calls, of which the second fails: the calls, and the one that takes the first back. */
const HALVES = [
  {
    what: 'a schedule without its time zone',
    args: () => ['schedules', 'add', 'This machine', '--hours', '3', '--time-zone', 'Europe/Berlin'],
    first: ['/inventory/v1/collector/add_schedule', { schedule_id: 'sched-1' }],
    second: '/gleaner/v1/schedule/set-time-zone',
    undo: '/inventory/v1/collector/delete-schedule',
    made: 'schedule sched-1',
  },
  {
    what: 'a service account without its secret',
    args: () => ['secrets', 'create', 'Key', '--provider', 'acme', '--data-file', join(folder, 'key.json')],
    first: ['/identity/v1/service-account/create', { service_account_id: 'sa-1' }],
    second: '/secret/v1/secret/create',
    undo: '/identity/v1/service-account/delete',
    made: 'service account sa-1',
  },
] as const

describe.each(HALVES)('$what', ({ args, first: [path, json], second, undo, made }) => {
  beforeEach(() => {
    api.on(path, () => ({ json }))
    api.on(undo, () => ({ json: {} }))
    api.on(second, () => FIRST)
  })

  test('is removed', async () => {
    const { code, notices } = await gleaner(api.url, args())
    expect(code).toBe(1)
    expect(notices).toMatch(new RegExp(`^Removed again: ${made}.*\nerror: ERROR_FIRST: the first failure\n$`))
    expect(api.callsOf(undo)).toHaveLength(1)
  })

  test('is removed when the user interrupts', async () => {
    const interrupt = new AbortController()
    api.on(second, () => {
      interrupt.abort()
      return FIRST
    })
    expect(await gleaner(api.url, args(), { signal: interrupt.signal })).toMatchObject({ code: 130 })
    expect(api.callsOf(undo)).toHaveLength(1)
  })

  test('is named when it cannot be removed, beside the first failure', async () => {
    api.on(undo, () => SECOND)
    const { code, notices } = await gleaner(api.url, args())
    expect(code).toBe(1)
    expect(notices).toMatch(new RegExp(`^Left behind: ${made}.*ERROR_SECOND: the second\n`))
    expect(notices).toContain('error: ERROR_FIRST: the first failure')
  })
})

test('a collector of which only a part could be changed says which', async () => {
  api.on('/inventory/v1/collector/update', () => ({ json: COLLECTOR }))
  api.on('/gleaner/v1/collector-settings/update', () => FIRST)
  const args = [
    'collectors',
    'update',
    'This machine',
    '--name',
    'New',
    '--priority',
    '3',
    '--overlap',
    'skip',
  ]
  const { code, out, notices } = await gleaner(api.url, args)
  expect([code, out]).toEqual([1, ''])
  expect(notices).toBe(
    `Changed of ${COLLECTOR.collector_id}: name, priority. Not changed: overlap_policy.\nerror: ERROR_FIRST: the first failure\n`,
  )
})

test('a collector is not touched by a command line that cannot be used', async () => {
  const args = ['collectors', 'update', 'This machine', '--name', 'New', '--worker', 'zone']
  expect(await gleaner(api.url, args)).toMatchObject({ code: 2, out: '' })
  expect(api.calls).toEqual([])
})
