import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthenticator } from '../../../src/access/index.ts'
import { Unavailable } from '../../../src/core/errors.ts'
import { createApiKeyService } from '../../../src/server/handlers/api-key.ts'
import { domainService } from '../../../src/server/handlers/domain.ts'
import type { Sql } from '../../../src/storage/index.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { createTestDatabase } from '../../support/database.ts'

const { db, drop } = await createTestDatabase()
let isAway = false
const interruptible: Sql = {
  ...db,
  query(text, params, options) {
    if (isAway) throw new Unavailable('ERROR_DATABASE_UNAVAILABLE', 'the database does not answer')
    return db.query(text, params, options)
  },
}
const authenticator = createAuthenticator(interruptible)

let api: TestApi
beforeAll(async () => {
  const metrics = { noteRequest: () => {}, text: async () => 'gleaner_up 1\n' }
  const services = [domainService, createApiKeyService(authenticator)]
  api = await startApi(services, {}, db, { authenticator, metrics, now: () => new Date() })
})
afterAll(async () => {
  await api.stop()
  await drop()
})

async function scrape(key = ''): Promise<number> {
  const headers = key === '' ? {} : { authorization: `Bearer ${key}` }
  return (await fetch(`http://127.0.0.1:${api.httpPort}/metrics`, { headers })).status
}

async function must(key: string, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = key === '' ? {} : { authorization: `Bearer ${key}` }
  const answer = await api.post(path, JSON.stringify(body), headers)
  expect([path, answer.status]).toEqual([path, 200])
  return Object(answer.json())
}

test('metrics are open until there is a key, then for the system administrator alone, also while the database is away', async () => {
  expect(await scrape()).toBe(200)
  const { domain_id } = await must('', '/gleaner/v1/domain/create', { name: 'Shop' })
  const system = String((await must('', '/gleaner/v1/api-key/create', { name: 'root' })).api_key)
  const tenant = String(
    (await must(system, '/gleaner/v1/api-key/create', { name: 'ci', domain_id, role: 'ADMIN' })).api_key,
  )
  expect(await scrape()).toBe(401)
  expect(await scrape('glk_nothing')).toBe(401)
  expect(await scrape(tenant)).toBe(403)
  expect(await scrape(system)).toBe(200)

  isAway = true
  authenticator.forget()
  expect(await scrape(system)).toBe(200)
  expect(await scrape(tenant)).toBe(503)
  expect(await scrape()).toBe(401)
})
