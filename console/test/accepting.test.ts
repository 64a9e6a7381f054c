import { expect, test } from 'vitest'
import { ALL_PARTS, isNarrowed, partFields, partsOf } from '../src/features/collectors/api/retirement.ts'
import { toScope } from '../src/features/coverage/api/scope.ts'

const CELL = {
  collector_id: 'collector-1',
  secret_id: 'secret-1',
  provider: 'acme',
  cloud_service_group: 'Store',
  cloud_service_type: 'Bucket',
  account: '40017',
  region_code: 'eu-1',
  last_failure: { class: 'denied', message: 'no', job_id: 'job-1' },
}
const { last_failure: _, ...WITHOUT_FAILURE } = CELL

test('an acceptance is as narrow as the list and its failure, unless somebody widens it', () => {
  const { collector_id, secret_id, ...names } = WITHOUT_FAILURE
  expect(toScope(CELL, new Set())).toEqual({ collector_id, secret_id, ...names, classes: ['denied'] })
  expect(toScope(CELL, new Set(['kind', 'account', 'secret', 'class']))).toEqual({
    collector_id,
    region_code: 'eu-1',
    classes: [],
  })
  expect(toScope(WITHOUT_FAILURE, new Set(['region']))).toMatchObject({ account: '40017', classes: [] })
  expect(toScope(CELL, new Set(['region']))).not.toHaveProperty('region_code')
})

test('a part that is retired is chosen from what was reported', () => {
  const empty = {
    provider: '',
    cloud_service_group: '',
    cloud_service_type: '',
    account: '',
    region_code: '',
  }
  const parts = partsOf([{ ...CELL, region_code: 'us-1' }, CELL, empty])
  expect([[...parts.kinds.keys()], parts.accounts, parts.regions]).toEqual([
    ['acme/Store/Bucket'],
    ['40017'],
    ['eu-1', 'us-1'],
  ])
  expect([isNarrowed(ALL_PARTS), partFields(ALL_PARTS, parts)]).toEqual([false, {}])
  const part = { kind: 'acme/Store/Bucket', account: '', region: 'us-1', isUnknownOnly: true }
  expect([isNarrowed(part), partFields(part, parts)]).toEqual([
    true,
    {
      provider: 'acme',
      cloud_service_group: 'Store',
      cloud_service_type: 'Bucket',
      region_code: 'us-1',
      presence: 'unknown',
    },
  ])
})
