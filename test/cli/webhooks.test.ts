import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { gleaner as runAt } from './gleaner.ts'

const DOMAIN = 'domain-000000000001'
let server: TestApp
let status = 200
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(status).end())
})
let address = ''

beforeAll(async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const bound = receiver.address()
  address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}/hook`
  server = await startTestApp({
    args: ['--roles', 'api', '--webhook-allow', '127.0.0.1'],
    given: async ({ db }) =>
      void (await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })),
  })
})
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await server.stop()
})

const gleaner = (...args: readonly string[]) => runAt(server.url, ['webhooks', ...args])

test('a webhook is created, listed, shown, changed, switched and deleted', async () => {
  const created = await gleaner(
    'create',
    'Deploys',
    address,
    '--type',
    'job',
    '--type',
    'cloud_service.deleted',
    '--status',
    'error',
  )
  expect(created).toMatchObject({ code: 0, out: expect.stringMatching(/^webhook-[0-9a-f]{12}\n$/) })
  const [, key = ''] = /signed with (\S+)\./.exec(created.notices) ?? []
  expect(key).not.toBe('')
  const id = created.out.trim()

  expect((await gleaner()).out).toMatch(
    new RegExp(`${id} +Deploys +ENABLED +job, cloud_service.deleted +${address}`),
  )
  expect(await gleaner('disable', id)).toMatchObject({ code: 0, out: `${id}: disabled.\n` })
  expect((await gleaner('update', id, '--name', 'Moved', '--kind', 'aws/EC2')).code).toBe(0)
  const shown = (await gleaner('show', id)).out
  expect(shown).toMatch(/Name +Moved\n[\s\S]*State +DISABLED\n[\s\S]*Kind +aws\/EC2\nStatuses +ERROR\n/)
  expect(shown).not.toContain(key)
  expect(await gleaner('enable', id)).toMatchObject({ code: 0 })
  expect(JSON.parse((await gleaner(id, '--json')).out)).toMatchObject({ enabled: true, signing_key: '' })

  expect(await gleaner('delete', id)).toMatchObject({ code: 0, out: `Deleted ${id}.\n` })
  expect(await gleaner('show', id)).toMatchObject({ code: 1 })
})

test('a webhook is tried, and what came of it is the exit code', async () => {
  const id = (await gleaner('create', 'Tried', address)).out.trim()
  expect(await gleaner('test', id)).toMatchObject({ code: 0, out: expect.stringMatching(/^HTTP 200 after/) })
  status = 503
  expect(await gleaner('test', id)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^Not delivered, after \d+ ms: .*503/),
  })
})

test('an address where no webhook may go is refused, and an update without a change is a usage error', async () => {
  expect(await gleaner('create', 'Inside', 'https://10.0.0.1/')).toMatchObject({ code: 1, out: '' })
  expect(await gleaner('update', 'webhook-000000000000')).toMatchObject({ code: 2 })
})
