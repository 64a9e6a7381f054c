import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { gleaner as runAt } from './gleaner.ts'

const DOMAIN = 'domain-000000000001'
const SINGULARS = [
  'collector',
  'job',
  'rule',
  'schedule',
  'webhook',
  'secret',
  'secret-group',
  'project',
  'service-account',
  'hold',
  'plugin',
  'key',
  'domain',
]

let server: TestApp

beforeAll(async () => {
  server = await startTestApp({
    args: ['--roles', 'api'],
    given: async ({ db }) => {
      await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })
    },
  })
})
afterAll(() => server.stop())

const gleaner = (...args: readonly string[]) => runAt(server.url, args)
const idPrinted = async (...args: readonly string[]) => (await gleaner(...args)).out.trim()

test('projects are created, listed, shown and deleted', async () => {
  const id = await idPrinted('projects', 'create', 'Web shop')
  expect(id).toMatch(/^project-[0-9a-f]{12}$/)
  expect((await gleaner('projects')).out).toMatch(
    new RegExp(`${id}\\s+Web shop[\\s\\S]*Showing 1 of 1 project\\.`),
  )
  expect((await gleaner('projects', 'show', id)).out).toMatch(/Name\s+Web shop/)
  expect(JSON.parse((await gleaner('projects', id, '--json')).out)).toMatchObject({ name: 'Web shop' })
  expect(await gleaner('projects', 'delete', id)).toMatchObject({ code: 0, out: `Deleted ${id}.\n` })
  expect(await gleaner('projects', 'show', id)).toMatchObject({
    code: 1,
    notices: expect.stringContaining(`project '${id}' not found`),
  })
})

test('service accounts belong to a project, and are not deleted while a secret uses them', async () => {
  const project = await idPrinted('projects', 'create', 'Shop')
  const data = ['--provider', 'acme', '--data', '{"account_id": "40017"}', '--project', project]
  const id = await idPrinted('service-accounts', 'create', 'Production', ...data)
  expect(id).toMatch(/^sa-[0-9a-f]{12}$/)
  expect((await gleaner('service-accounts', 'list')).out).toMatch(
    new RegExp(`${id}\\s+Production\\s+acme\\s+${project}`),
  )
  expect((await gleaner('service-accounts', 'show', id)).out).toMatch(
    /Provider\s+acme[\s\S]*"account_id": "40017"/,
  )
  const secret = { domain_id: DOMAIN, name: 'Key', data: { token: 't' }, service_account_id: id }
  await fetch(`${server.url}/secret/v1/secret/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(secret),
  })
  expect(await gleaner('service-accounts', 'delete', id)).toMatchObject({
    code: 1,
    notices: expect.stringMatching(/secret-[0-9a-f]{12}/),
  })
})

test('an account without what identifies it is not created', async () => {
  const { code, notices } = await gleaner(
    'service-accounts',
    'create',
    'X',
    '--provider',
    'acme',
    '--data',
    '[]',
  )
  expect([code, notices]).toEqual([2, expect.stringContaining('JSON object')])
})

test.each(SINGULARS)('%s means the same as its plural, which alone is shown', async (singular) => {
  const { code, out } = await gleaner(singular, '--help')
  expect([code, out]).toEqual([0, expect.stringContaining(`Usage: gleaner ${singular}s [options]`)])
  expect((await gleaner('--help')).out).not.toMatch(new RegExp(`^ +${singular}[| ]`, 'm'))
})

test.each([
  'collectors',
  'jobs',
  'rules',
  'secrets',
  'secret-groups',
  'settings',
  'projects',
  'service-accounts',
  'resources',
  'holds',
  'plugins',
  'keys',
  'domains',
  'schedules',
  'webhooks',
])('%s alone lists them', async (plural) => {
  expect(await gleaner(plural)).toMatchObject({ code: 0, notices: '' })
})

test.each([
  [['secrets', 'create'], 'gleaner secrets create'],
  [['collectors', '--frob'], 'gleaner collectors'],
  [['frob'], 'gleaner'],
])('who mistypes %j is led to the help of that command', async (args, command) => {
  expect(await gleaner(...args)).toMatchObject({
    code: 2,
    notices: expect.stringContaining(`(see ${command} --help)`),
  })
})

test('options of a list may stand before and after its verb', async () => {
  for (const args of [
    ['jobs', '--status', 'error'],
    ['jobs', 'list', '--status', 'error'],
  ])
    expect((await gleaner(...args)).out).toContain('Showing 0 of 0 jobs.')
  const refused = await gleaner('jobs', 'list', '--status', 'nonsense')
  expect([refused.code, refused.notices]).toEqual([2, expect.stringContaining('IN_PROGRESS')])
})
