import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenSampleInventory } from '../docs/sample-inventory.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { startFakeApi } from './fake-api.ts'
import { gleaner as runAt } from './gleaner.ts'

let server: TestApp
beforeAll(async () => {
  server = await startTestApp({
    args: ['--roles', 'api'],
    given: ({ db }) => givenSampleInventory(db),
  })
})
afterAll(() => server.stop())

const gleaner = (...args: readonly string[]) => runAt(server.url, ['stat', ...args])

test('resources are counted by fields, the largest rows first, and deleted ones are left out', async () => {
  const { code, out } = await gleaner('--by', 'provider,region_code')
  expect([code, out.split('\n')]).toEqual([
    0,
    [
      'provider  region_code   count',
      'aws       eu-central-1      3',
      'aws       eu-west-1         1',
      'azure     westeurope        1',
      'Showing 3 of 3 rows.',
      '',
    ],
  ])
})

test('numbers are summed by the tag of any provider', async () => {
  const { out } = await gleaner(
    '--by',
    'tag.team',
    '--sum',
    'data.cores',
    '--max',
    'data.cores',
    '--keyword',
    'web',
  )
  expect(out.split('\n')[0]).toMatch(/^tag\.team +count +sum data\.cores +max data\.cores$/)
  expect(out).toMatch(/^shop +3 +16 +8$/m)
})

test('without fields all is one row, in the present and in the past', async () => {
  expect((await gleaner('--sum', 'data.gib')).out).toMatch(/^ +5 +812$/m)
  expect((await gleaner('--sum', 'data.gib', '--as-of', '2025-12-17')).out).toMatch(/^ +5 +650$/m)
})

test('a search text chooses what is counted', async () => {
  const { out } = await gleaner('type:instance data.cores>=4', '--by', 'region_code')
  expect(out).toMatch(/^eu-central-1 +2$/m)
  expect((await gleaner('"shop web"', '--by', 'provider')).out).toMatch(/^azure +1$/m)
  const past = await gleaner('type:instance', '--by', 'provider', '--as-of', '2025-12-17')
  expect(past.out).toMatch(/^aws +4$/m)
})

test('--limit leaves the largest rows, and --json is the document of the API', async () => {
  const { out } = await gleaner('--by', 'provider', '--limit', '1')
  expect(out).toContain('Showing 1 of 2 rows; the next page is --page 2.')
  expect((await gleaner('--by', 'provider', '--limit', '1', '--page', '2')).out).toMatch(/^azure +1$/m)
  // The server gives no more at once, and would cut what is asked for.
  expect(await gleaner('--by', 'provider', '--limit', '1001')).toMatchObject({ code: 2 })
  expect(JSON.parse((await gleaner('--by', 'provider', '--json')).out)).toEqual({
    results: [
      { provider: 'aws', count: 4 },
      { provider: 'azure', count: 1 },
    ],
    total_count: 2,
  })
})

test('a row in which there is no number to sum has none, and that is said', async () => {
  const of = ['--by', 'cloud_service_type', '--sum', 'data.gib']
  const { out } = await gleaner(...of)
  expect(out).toMatch(/^Bucket +1 +812$/m)
  expect(out).toMatch(/^Instance +3 +-$/m)
  expect(out).toContain('No number at data.gib in 2 of 3 rows.')
  const { out: json, notices } = await gleaner(...of, '--json')
  expect(JSON.parse(json).results).toContainEqual(
    expect.objectContaining({ cloud_service_type: 'Instance', sum_data_gib: 0, average_data_gib: null }),
  )
  expect(notices).toContain('No number at data.gib in 2 of 3 rows.')
  const both = await gleaner('--sum', 'data.gib,data.gbi', '--average', 'data.gib')
  expect(both.out).toMatch(/^ +5 +812 +- +812$/m)
  expect(both.out).not.toContain('data.gib in')
})

test('beside --json rows that are left out are told', async () => {
  const { out, notices } = await gleaner('--by', 'provider', '--limit', '1', '--json')
  expect(JSON.parse(out).results).toHaveLength(1)
  expect(notices).toContain('Showing 1 of 2 rows')
})

const INCOMPLETE = { complete: false, complete_count: 1, total_count: 2, incomplete: [] }

test.each<[object, string[], number, string]>([
  [INCOMPLETE, [], 0, 'Incomplete: 1 of 2'],
  [INCOMPLETE, ['--json'], 0, 'Incomplete: 1 of 2'],
  [INCOMPLETE, ['--strict'], 4, 'Incomplete: 1 of 2'],
  [INCOMPLETE, ['--strict', '--json'], 4, 'Incomplete: 1 of 2'],
  [{ ...INCOMPLETE, complete: true, complete_count: 2 }, ['--strict'], 0, 'Complete: 2 of 2'],
])('an answer of coverage %j with %j ends with %i', async (coverage, options, expected, said) => {
  const headers = { 'x-gleaner-coverage': JSON.stringify(coverage) }
  const json = { results: [{ provider: 'host', count: 1 }], total_count: 1 }
  const api = await startFakeApi({ '/inventory/v1/cloud-service/stat': () => ({ json, headers }) })
  const { code, out, notices } = await runAt(api.url, ['stat', '--by', 'provider', ...options])
  expect(code).toBe(expected)
  expect(options.includes('--json') ? notices : out).toContain(said)
  await api.die()
})

test('--strict is refused for the past', async () => {
  expect(await gleaner('--strict', '--as-of', '7d')).toMatchObject({
    code: 2,
    notices: expect.stringContaining('--as-of'),
  })
})

test('how complete the answer is is asked for, and what the server refuses is an error', async () => {
  const api = await startFakeApi()
  await runAt(api.url, ['stat', '--by', 'provider'])
  expect(api.calls).toMatchObject([{ path: '/inventory/v1/cloud-service/stat', asksForCoverage: true }])
  await api.die()
  expect(await gleaner('--by', 'regoin')).toMatchObject({
    code: 1,
    notices: expect.stringContaining('regoin'),
  })
  expect(await gleaner('--by', 'provider,provider')).toMatchObject({ code: 2 })
  expect(await gleaner('x', '--provider', 'aws')).toMatchObject({ code: 2 })
})
