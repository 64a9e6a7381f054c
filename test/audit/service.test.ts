import { afterAll, beforeAll, expect, test } from 'vitest'
import { gleaner } from '../cli/gleaner.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { asRecord, refusalOf } from '../tenants/support.ts'

const ROOT = 'the-key-of-the-system-administrator-of-the-audit'

let app: TestApp
const logged: Record<string, unknown>[] = []

beforeAll(async () => {
  const keep = (fields: object, message: string) => logged.push({ ...fields, message })
  app = await startTestApp({
    args: ['--roles', 'api'],
    env: { GLEANER_FIRST_API_KEY: ROOT },
    log: { debug() {}, info: keep, warn() {}, error() {} },
  })
})
afterAll(() => app.stop())

async function ask(key: string, at: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const answer = await fetch(app.url + at, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, ...asRecord(await answer.json()) }
}

async function givenDomain(): Promise<string> {
  return String((await ask(ROOT, '/gleaner/v1/domain/create', { name: 'Shop' })).domain_id)
}

async function givenKey(domain_id: string, fields: object = {}): Promise<{ id: string; text: string }> {
  const body = { domain_id, name: 'key', role: 'ADMIN', ...fields }
  const { api_key, info } = await ask(ROOT, '/gleaner/v1/api-key/create', body)
  return { id: String(asRecord(info).api_key_id), text: String(api_key) }
}

const run = (key: string, domainId: string, ...args: string[]) =>
  gleaner(app.url, ['audit', ...args, '--domain', domainId], { env: { GLEANER_API_KEY: key } })

test('the administrator of a domain reads who changed what in it, with key and ids', async () => {
  const domainId = await givenDomain()
  const key = await givenKey(domainId)
  const { project_id } = await ask(key.text, '/identity/v1/project/create', { name: 'Blue' })
  await ask(key.text, '/identity/v1/project/get', { project_id })

  const { results } = await ask(key.text, '/gleaner/v1/audit/list', {})

  expect(results).toMatchObject([
    {
      seq: '2',
      method: 'spaceone.api.identity.v1.Project.create',
      role: 'ADMIN',
      api_key_id: key.id,
      ids: [project_id],
    },
    { seq: '1', method: 'gleaner.v1.ApiKey.create', role: 'SYSTEM', ids: [key.id], domain_id: domainId },
  ])
})

test('no value of a request but its ids is in a row', async () => {
  const domainId = await givenDomain()
  const data = { token: 'a-token-that-stands-nowhere' }
  await ask(ROOT, '/secret/v1/secret/create', {
    domain_id: domainId,
    name: 'a-name-that-stands-nowhere',
    data,
  })
  const rows = await app.database.db.query('select a::text from audit_record a where domain_id = $1', [
    domainId,
  ])
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toContain('stands-nowhere')
})

test('a key that is bound to projects is told that it sees nothing of the audit', async () => {
  const domainId = await givenDomain()
  const { project_id } = await ask(ROOT, '/identity/v1/project/create', { domain_id: domainId, name: 'Blue' })
  const key = await givenKey(domainId, { projects: [project_id] })
  for (const method of ['list', 'verify']) {
    const answer = await ask(key.text, `/gleaner/v1/audit/${method}`, {})
    expect([answer.status, refusalOf(answer).message]).toEqual([403, expect.stringContaining('all projects')])
  }
})

test('what such a key changes is written down all the same', async () => {
  const domainId = await givenDomain()
  const { project_id } = await ask(ROOT, '/identity/v1/project/create', { domain_id: domainId, name: 'Blue' })
  const key = await givenKey(domainId, { projects: [project_id] })
  const made = await ask(key.text, '/secret/v1/secret/create', {
    name: 'Key',
    project_id,
    data: { token: 'x' },
  })
  expect(made.status).toBe(200)
  const { results } = await ask(ROOT, '/gleaner/v1/audit/list', { domain_id: domainId, api_key_id: key.id })
  expect(results).toMatchObject([
    { role: 'ADMIN', ids: expect.arrayContaining([made.secret_id, project_id]) },
  ])
})

test('when a domain is deleted its rows stay, for the system administrator', async () => {
  const domainId = await givenDomain()
  await ask(ROOT, '/gleaner/v1/domain/update', { domain_id: domainId, name: 'Store' })
  expect(await ask(ROOT, '/gleaner/v1/domain/delete', { domain_id: domainId })).toMatchObject({ status: 200 })

  const { results } = await ask(ROOT, '/gleaner/v1/audit/list', { query: { page: { limit: 1_000 } } })

  const rows = (Array.isArray(results) ? results : []).map((row) => [row.method, row.domain_id, row.ids])
  expect(rows).toContainEqual(['gleaner.v1.Domain.update', domainId, []])
  expect(rows).toContainEqual(['gleaner.v1.Domain.delete', '', [domainId]])
})

test('the log shows the end of the chain after each change, so that whoever keeps the log keeps it', async () => {
  const domainId = await givenDomain()
  await ask(ROOT, '/gleaner/v1/domain/update', { domain_id: domainId, name: 'Store' })
  const { head } = await ask(ROOT, '/gleaner/v1/audit/verify', { domain_id: domainId })
  expect(logged).toContainEqual(
    expect.objectContaining({ message: 'audited', domainId, auditSeq: 1, auditHead: head }),
  )
})

test('the command line lists calls, and says that a chain is whole', async () => {
  const domainId = await givenDomain()
  const key = await givenKey(domainId)
  const listed = await run(ROOT, domainId, 'list')
  expect(listed.code).toBe(0)
  expect(listed.out).toMatch(/1\s+.*\s+ApiKey\.create\s+api-key-/)
  expect((await run(ROOT, domainId, 'list', '--id', key.id)).out).toContain('Showing 1 of 1 call.')
  const verified = await run(ROOT, domainId, 'verify')
  expect(verified.code).toBe(0)
  expect(verified.out).toMatch(/^The chain is whole: 1 row, ending in\n[0-9a-f]{64}\n$/)
})

test('the command line ends with 1 when a byte was changed, and names the row', async () => {
  const domainId = await givenDomain()
  await givenKey(domainId)
  await app.database.db.query(
    `update audit_record set ids = array['api-key-ffffffffffff'] where domain_id = $1 and seq = 1`,
    [domainId],
  )
  const { code, out } = await run(ROOT, domainId, 'verify')
  expect([code, out]).toEqual([1, expect.stringMatching(/broken[\s\S]+row 1: /)])
})

test('the command line ends with 1 when an end that was kept is not in the chain', async () => {
  const domainId = await givenDomain()
  const { code, out } = await run(ROOT, domainId, 'verify', '--head', 'ab'.repeat(32))
  expect([code, out]).toEqual([1, expect.stringContaining('kept')])
  expect((await run(ROOT, domainId, 'verify', '--json')).out).toContain('"valid"')
})

test('above domains the command line takes --system', async () => {
  await givenDomain()
  const { code, out } = await run(ROOT, 'domain-000000000001', 'list', '--system', '--limit', '5')
  expect([code, out]).toEqual([0, expect.stringContaining('Domain.create')])
})
