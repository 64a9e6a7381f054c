import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { gleaner as runAt } from './gleaner.ts'

const DOMAIN = 'domain-000000000001'
const PROGRAM = fileURLToPath(new URL('../fixtures/plugins/well-behaved.ts', import.meta.url))
const PLUGIN = {
  pluginId: 'plugin-well-behaved',
  name: 'Well behaved',
  image: `cmd:${JSON.stringify([process.execPath, PROGRAM])}`,
  serviceType: 'inventory.Collector',
  provider: 'test',
  capability: {},
  versions: ['1.0.0'],
  labels: [],
} as const

let running: TestApp

beforeAll(async () => {
  running = await startTestApp({
    plugins: [PLUGIN],
    given: async ({ db }) => {
      await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })
    },
  })
  await createCollector('This machine', 'plugin-host', { sources: ['server'] })
  await createCollector('Without match rules', PLUGIN.pluginId, { count: 5 })
})

afterAll(() => running.stop())

const gleaner = (...args: readonly string[]) => runAt(running.url, args, { patienceMs: 30_000 })

test('what is collected while watching is listed afterwards', async () => {
  const first = await gleaner('collect', 'This machine', '--watch')
  expect(first.notices).toContain('IN_PROGRESS, attempt 1')
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining('1 resource seen, 1 created') })
  const again = await gleaner('collect', 'This machine', '--watch')
  expect(again.out).toContain('1 resource seen, 0 created')

  expect((await gleaner('resources')).out).toContain('Showing 1 of 1 resource.')
  const { results, total_count: total } = JSON.parse((await gleaner('resources', '--json')).out)
  expect([results.length, total]).toEqual([1, 1])
  const one = await gleaner('resource', results[0].cloud_service_id)
  expect(one.out).toMatch(/Kind\s+host\/Machine\/Server/)
  expect((await gleaner('resources', '--filter', `name=${results[0].name}`)).out).toContain('Showing 1 of 1')
  expect((await gleaner('resources', '--filter', `name!=${results[0].name}`)).out).toContain('Showing 0 of 0')
})

test('a run that stores nothing fails, and says why once', async () => {
  const { code, out } = await gleaner('collect', 'Without match rules', '--watch')
  expect(code).toBe(1)
  expect(out).toMatch(/Errors \(5\)\n {2}ERROR_MATCH_RULE, 5 times\n/)
  expect(out).toContain("ERROR: 'Without match rules' collected nothing")
})

test('status and jobs show what ran', async () => {
  const status = await gleaner('status')
  expect(status.code).toBe(0)
  expect(status.out).toMatch(/version \d+\.\d+\.\d+/)
  expect(status.out).toContain('SERVING')
  const jobs = await gleaner('jobs', '--collector', 'This machine', '--json')
  const job = JSON.parse(jobs.out).results[0].job_id
  expect((await gleaner('job', job)).out).toMatch(/job_task-[0-9a-f]{12}\s+SUCCESS/)
})

test('a plugin is shown with its versions and its processes, and whole as JSON', async () => {
  // How a process is comes to be known a while after it is so.
  const show = async () => (await gleaner('plugins', 'show', PLUGIN.pluginId)).out
  await expect.poll(show).toMatch(/versions {2}1\.0\.0\n(.*\n)*1\.0\.0 +RUNNING/)
  const whole = JSON.parse((await gleaner('plugins', 'show', PLUGIN.pluginId, '--json')).out)
  expect(whole).toMatchObject({
    plugin: { plugin_id: PLUGIN.pluginId, state: 'ENABLED' },
    versions: { results: ['1.0.0'] },
    listing: { is_listed: false },
    processes: { results: [{ version: '1.0.0', state: 'RUNNING' }] },
  })
})

test('the server has the last word on what it does not know', async () => {
  const missing = await gleaner('job', 'job-000000000000')
  expect(missing).toMatchObject({ code: 1, notices: expect.stringContaining('error: ERROR_NOT_FOUND: job') })
  const field = await gleaner('resources', '--filter', 'nonsense=1')
  expect(field).toMatchObject({ code: 1, out: '', notices: expect.stringContaining('nonsense') })
})

async function createCollector(name: string, pluginId: string, options: object): Promise<void> {
  const response = await fetch(`${running.url}/inventory/v1/collector/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      domain_id: DOMAIN,
      name,
      plugin_info: { plugin_id: pluginId, options },
    }),
  })
  expect(await response.json()).toMatchObject({ name })
}
