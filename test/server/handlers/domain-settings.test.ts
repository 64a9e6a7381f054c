import { afterAll, beforeAll, expect, test } from 'vitest'
import { domainSettingsService } from '../../../src/server/handlers/domain-settings.ts'
import { givenDomain } from '../../inventory/write/support.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { createTestDatabase } from '../../support/database.ts'

const { db, drop } = await createTestDatabase()
let api: TestApi
beforeAll(async () => {
  api = await startApi([domainSettingsService], {}, db)
})
afterAll(async () => {
  await api.stop()
  await drop()
})

async function call(method: string, request: object) {
  const { status, json } = await api.post(`/gleaner/v1/domain-settings/${method}`, JSON.stringify(request))
  return { status, answer: json() }
}

test('what is given changes, 0 included, and the rest stays', async () => {
  const domainId = await givenDomain(db)
  const other = await givenDomain(db)
  const defaults = {
    job_days: 90,
    run_days: 30,
    event_days: 7,
    history_days: 0,
    opening_days: 365,
    deleted_days: 0,
    max_age: 'auto',
  }
  expect((await call('get', { domain_id: domainId })).answer).toEqual({ domain_id: domainId, ...defaults })
  await call('update', { domain_id: domainId, event_days: 3 })
  await call('update', { domain_id: domainId, job_days: 0 })
  expect((await call('get', { domain_id: domainId })).answer).toEqual({
    ...defaults,
    domain_id: domainId,
    event_days: 3,
    job_days: 0,
  })
  expect((await call('get', { domain_id: other })).answer).toEqual({ domain_id: other, ...defaults })
})

test('how old evidence may be is said as an age, and no other word', async () => {
  const domain_id = await givenDomain(db)
  for (const [max_age, told] of [
    ['48h', '2d'],
    ['never', 'never'],
    ['auto', 'auto'],
  ] as const)
    expect((await call('update', { domain_id, max_age })).answer).toMatchObject({ max_age: told })
  await call('update', { domain_id, max_age: '36h' })
  const refused = await call('update', { domain_id, max_age: 'soon', job_days: 5 })
  expect(refused).toMatchObject({
    status: 400,
    answer: { detail: { message: expect.stringContaining("'max_age'") } },
  })
  expect((await call('get', { domain_id })).answer).toMatchObject({ max_age: '36h', job_days: 90 })
})

test('a number of days that nobody can mean is refused, and changes nothing', async () => {
  const domainId = await givenDomain(db)
  const { status, answer } = await call('update', {
    domain_id: domainId,
    job_days: 5,
    event_days: 40_000,
    opening_days: 36_501,
  })
  expect([status, answer]).toMatchObject([
    400,
    { detail: { message: expect.stringMatching(/'event_days'.*'opening_days'/) } },
  ])
  expect((await call('get', { domain_id: domainId })).answer).toMatchObject({ job_days: 90 })
})
