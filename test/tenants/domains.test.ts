import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { type KeyedApi, refusalOf, startKeyedApi } from './support.ts'

const { db, drop } = await createTestDatabase()
let api: KeyedApi
beforeAll(async () => {
  api = await startKeyedApi(db)
})
afterAll(async () => {
  await api.stop()
  await drop()
})

const DOMAIN = '/gleaner/v1/domain'

async function givenDomain(name: string): Promise<string> {
  return String((await api.must('', `${DOMAIN}/create`, { name })).domain_id)
}

test('a domain is created, read, renamed and listed', async () => {
  const created = await api.must('', `${DOMAIN}/create`, { name: 'Shop', tags: { tier: 'gold' } })
  const id = { domain_id: created.domain_id }
  expect(await api.must('', `${DOMAIN}/get`, id)).toEqual(created)
  const renamed = await api.must('', `${DOMAIN}/update`, { ...id, name: 'Web shop' })
  expect(renamed).toEqual({ ...created, name: 'Web shop' })
  expect(await api.must('', `${DOMAIN}/update`, { ...id, tags: {} })).toEqual({ ...renamed, tags: {} })
  await givenDomain('Another')
  const listed = await api.must('', `${DOMAIN}/list`, { name: 'Web shop' })
  expect(listed).toMatchObject({ total_count: 1, results: [{ name: 'Web shop' }] })
})

test('an unknown domain is not found, whatever is asked of it', async () => {
  for (const verb of ['get', 'update', 'delete']) {
    const { status } = await api.ask('', `${DOMAIN}/${verb}`, { domain_id: 'domain-ffffffffffff' })
    expect([verb, status]).toEqual([verb, 404])
  }
})

test('a domain needs a name of bearable length', async () => {
  for (const name of ['', ' ', 'x'.repeat(256)]) {
    expect((await api.ask('', `${DOMAIN}/create`, { name })).status).toBe(400)
  }
})

test('a domain that holds anything is not deleted, and says what it holds', async () => {
  const domainId = await givenDomain('Full')
  const region = { domain_id: domainId, name: 'Here', region_code: 'here-1', provider: 'own' }
  const { region_id: regionId } = await api.must('', '/inventory/v1/region/create', region)
  const refused = await api.ask('', `${DOMAIN}/delete`, { domain_id: domainId })
  expect(refusalOf(refused.body)).toEqual({
    code: 'ERROR_DOMAIN_IN_USE',
    message: expect.stringContaining('still holds 1 of region'),
  })
  await api.must('', '/inventory/v1/region/delete', { domain_id: domainId, region_id: regionId })
  await api.must('', `${DOMAIN}/delete`, { domain_id: domainId })
  expect((await api.ask('', `${DOMAIN}/get`, { domain_id: domainId })).status).toBe(404)
})

test('what is left of the history of a domain goes with it', async () => {
  const domainId = await givenDomain('Past')
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, state, provider, cloud_service_group, cloud_service_type, created_at, updated_at)
     values ($1, 'cloud-svc-1', 'DELETED', 'aws', 'EC2', 'Instance', now(), now())`,
    [domainId],
  )
  await db.query(
    `insert into change_record (domain_id, cloud_service_id, action, created_at) values ($1, 'cloud-svc-1', 'DELETE', now())`,
    [domainId],
  )
  await api.must('', `${DOMAIN}/delete`, { domain_id: domainId })
  expect(await db.query('select from change_record where domain_id = $1', [domainId])).toEqual([])
})
