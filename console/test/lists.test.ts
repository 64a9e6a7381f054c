import { describe, expect, test } from 'vitest'
import { maskOf } from '../src/components/options/masked.ts'
import { sumByCollector } from '../src/features/collectors/api/use-collector-states.ts'
import { partsOfPage } from '../src/features/coverage/api/use-coverage.ts'
import { toCsv } from '../src/features/resources/api/export-rows.ts'
import { groupKinds } from '../src/features/resources/api/kind-groups.ts'
import { relationsIn } from '../src/features/resources/api/relations.ts'
import { causeOf, completenessOf } from '../src/format/completeness.ts'

test.each([
  ['password', 'line'],
  ['token', 'line'],
  ['aws_secret_access_key', 'line'],
  ['anything', 'line'],
  ['client_key', 'lines'],
  ['kubeconfig', 'lines'],
  ['aws_access_key_id', 'open'],
  ['role_arn', 'open'],
  ['web_identity_token_file', 'open'],
  ['username', 'open'],
])('the value of a secret that is called %s is typed as: %s', (name, expected) => {
  expect(maskOf(name)).toBe(expected)
})

describe('how complete something is', () => {
  test.each([
    [7, 9, '2 of 9 lists incomplete'],
    [0, 1, '1 of 1 list incomplete'],
    [9, 9, 'All 9 lists complete'],
    [1, 1, '1 list complete'],
  ])('%i of %i is told in one way: %s', (complete, total, words) => {
    expect(completenessOf(complete, total)).toBe(words)
  })

  test.each([
    ['the newest run did not list it completely (denied: GET /a (b) 403)', 'denied: GET /a (b) 403'],
    ['it was never listed completely (timeout: a\nb)', 'timeout: a\nb'],
    ['the newest run did not list it completely (partial: it ends after 2)', 'it ends after 2'],
    ['it was never listed completely', 'it was never listed completely'],
    ['inputs changed: 1 of 2 were not seen since', 'inputs changed: 1 of 2 were not seen since'],
  ])('%j has a cause, without what the state says: %j', (reason, cause) => {
    expect(causeOf(reason, 'partial')).toBe(cause)
  })

  test('is read page by page across states', () => {
    expect(partsOfPage([3, 0, 4], 1, 5)).toEqual([
      { at: 0, start: 1, limit: 3 },
      { at: 2, start: 1, limit: 2 },
    ])
    expect(partsOfPage([3, 0, 4], 2, 5)).toEqual([{ at: 2, start: 3, limit: 2 }])
    expect(partsOfPage([3, 0, 4], 3, 5)).toEqual([])
  })

  test('is added up by collector', () => {
    const cell = { collector_id: 'a', state: 'complete', count: 2, next_run_at: 'soon' }
    const sums = sumByCollector([cell, { ...cell, state: 'held', count: 3 }, { ...cell, collector_id: 'b' }])
    expect(sums.get('a')).toEqual({ resources: 5, completeCount: 1, totalCount: 2, nextRunAt: 'soon' })
    expect(sums.get('b')).toMatchObject({ resources: 2, totalCount: 1 })
  })
})

test('kinds are shown by provider, so many at most, and the chosen one in any case', () => {
  const kind = (provider: string, cloud_service_type: string, count: number) => ({
    provider,
    cloud_service_group: 'G',
    cloud_service_type,
    count,
  })
  const kinds = [kind('aws', 'A', 9), kind('gcp', 'B', 8), kind('aws', 'C', 7), kind('gcp', 'D', 6)]
  const shown = (most: number, chosen: string) =>
    groupKinds(kinds, most, chosen).map(({ provider, kinds: those }) => [
      provider,
      those.map(({ cloud_service_type }) => cloud_service_type).join(''),
    ])
  expect(shown(3, '')).toEqual([
    ['aws', 'AC'],
    ['gcp', 'B'],
  ])
  expect(shown(1, 'gcp/G/D')).toEqual([
    ['aws', 'A'],
    ['gcp', 'D'],
  ])
})

test('relations are read where they are, and nothing else is taken for one', () => {
  const relation = { name: 'in', resource_id: 'subnet-1' }
  const relations = [relation, { ...relation, type: 'subnet' }, { name: 'in' }, 'x', null]
  expect(relationsIn({ relations })).toEqual([
    { name: 'in', resourceId: 'subnet-1', type: '' },
    { name: 'in', resourceId: 'subnet-1', type: 'subnet' },
  ])
  expect(relationsIn({ relations: 'x' })).toEqual([])
})

test('what is exported opens in a spreadsheet as text, and runs nothing there', () => {
  const row = {
    cloud_service_id: 'c-1',
    name: '=cmd|"a",1',
    provider: 'aws',
    cloud_service_group: 'G',
    cloud_service_type: 'T',
    region_code: 'eu\n1',
    account: '-1',
    state: 'ACTIVE',
    created_at: '',
    updated_at: '',
  }
  const [names = '', ...lines] = toCsv([row]).split('\r\n')
  expect(names).toMatch(/^cloud_service_id,name,/)
  expect(lines.join('|')).toBe(`c-1,"'=cmd|""a"",1",aws,G,T,"eu\n1",'-1,ACTIVE,,|`)
})
