import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { filterViolations } from '../../src/collectors/filter-format.ts'
import { addValues } from '../../src/collectors/filter-values.ts'
import { openCoverage, thing } from '../coverage/support.ts'
import { givenSecret } from '../secrets/support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run } = coverage
afterAll(coverage.close)

const FORMAT = [
  { key: 'team', type: 'str', resource_type: 'CUSTOM' },
  { key: 'regions', type: 'list', resource_type: 'CUSTOM' },
  { key: 'anything' },
  {
    key: 'bucket',
    type: 'list',
    resource_type: 'inventory.CloudService',
    search_key: 'name',
    change_rules: [
      { resource_key: 'region_code', change_key: 'regions' },
      { resource_key: 'data.serial', change_key: 'serials' },
    ],
  },
  { key: 'server', type: 'list', resource_type: 'SERVER' },
]

test.each<[JsonObject, string[]]>([
  [{}, []],
  [{ team: 'ops', regions: ['eu-1'], anything: { of: [1] } }, []],
  [{ bucket: ['a'] }, []],
  [{ team: ['ops'] }, ['ERROR_INVALID_PARAMETER']],
  [{ regions: 'eu-1', bucket: 'a' }, ['ERROR_INVALID_PARAMETER', 'ERROR_INVALID_PARAMETER']],
  [{ bucket: [{ name: 'a' }] }, ['ERROR_INVALID_PARAMETER']],
  [{ server: ['a'], zone: 1 }, ['ERROR_UNSUPPORTED_FILTER_KEY', 'ERROR_UNSUPPORTED_FILTER_KEY']],
])('the filter %j is refused for %j', (filter, codes) => {
  expect(filterViolations(filter, { filter_format: FORMAT }).map(({ code }) => code)).toEqual(codes)
})

const SUBSETS = [[], ['a'], ['b'], ['c'], ['a', 'b'], ['a', 'c'], ['b', 'c'], ['a', 'b', 'c']]

test('conditions on one key keep what all of them allow, in any order, whatever else is in the filter', () => {
  for (const one of SUBSETS) {
    for (const two of SUBSETS) {
      const both = one.filter((value) => two.includes(value))
      expect(addValues({ other: 1, key: one }, 'key', two)).toEqual({ other: 1, key: both })
      expect(addValues({ other: 1, key: two }, 'key', one)).toEqual({ other: 1, key: both })
    }
    expect(addValues({ key: 'a' }, 'key', one)).toEqual({ key: one.filter((value) => value === 'a') })
    expect(addValues({ other: 1 }, 'key', one)).toEqual({ other: 1, key: one })
  }
})

/**
 * Two secrets, each with a bucket of its own in a region of its own; what the plugin was called with, by
 * token.
 */
async function givenTwoSecrets() {
  const calls: [string, JsonObject][] = []
  const { domainId, collectorId } = await givenCloud([], {
    init: () => ({ filter_format: FORMAT }),
    async *collect({ secretData, filter }) {
      const token = String(secretData.reveal().token)
      calls.push([token, filter])
      yield [thing({ id: token, region: `${token}-1`, data: { serial: `serial-${token}` } })]
    },
  })
  for (const token of ['one', 'two'])
    await givenSecret(coverage, { domainId, provider: 'acme', data: { token } })
  await db.query("update collector set secret_provider = 'acme' where domain_id = $1", [domainId])
  await run({ domainId, collectorId })
  calls.length = 0
  return { domainId, collectorId, calls }
}

test('a key that chooses resources becomes their values, for the secrets that collected them', async () => {
  const { calls, ...collector } = await givenTwoSecrets()

  await run(collector, { filter: { bucket: ['two', 'three'], team: 'ops' } })

  expect(calls).toEqual([['two', { regions: ['two-1'], serials: ['serial-two'], team: 'ops' }]])
})

test('values that were given, too, are narrowed to those of the chosen resources', async () => {
  const { calls, ...collector } = await givenTwoSecrets()

  await run(collector, { filter: { bucket: ['one', 'two'], regions: ['one-1', 'else'] } })

  const filter = { regions: ['one-1'], serials: ['serial-one', 'serial-two'] }
  expect(calls.toSorted()).toEqual([
    ['one', filter],
    ['two', filter],
  ])
})

test.each([
  ['resources that are not there', { bucket: ['three'] }],
  ['values that no chosen resource has', { bucket: ['one'], regions: ['two-1'] }],
])('a choice of %s is refused, and reads nothing', async (_, filter) => {
  const { calls, ...collector } = await givenTwoSecrets()

  await expect(run(collector, { filter })).rejects.toMatchObject({
    kind: 'failed_precondition',
    code: 'ERROR_FILTER_MATCHES_NOTHING',
  })
  expect(calls).toEqual([])
})
