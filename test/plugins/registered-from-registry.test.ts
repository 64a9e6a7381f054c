import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { gleaner } from '../cli/gleaner.ts'
import { namesIn, runToEnd } from '../jobs/support.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { startNpmRegistry } from '../support/npm-registry.ts'

const SDK = join(import.meta.dirname, '../../sdk/src/index.ts')
const DOMAIN = 'domain-000000000001'

// Reports one resource, which is called like the version of the package that really runs.
const MODULE = `
import { readFileSync } from 'node:fs'
import { definePlugin } from ${JSON.stringify(SDK)}
const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'))
export default definePlugin({
  name: 'acme', version, provider: 'acme', resourceTypes: { thing: { group: 'Acme', type: 'Thing' } },
  async *collect(ctx) { yield ctx.cloudService('thing', { resourceId: 'thing-' + version, name: version, data: {} }) },
})
`

const registry = await startNpmRegistry()
const publish = (name: string, version: string) =>
  registry.publish({ name, version, type: 'module', main: 'plugin.js' }, { 'plugin.js': MODULE })
publish('acme-cloud', '1.9.0')
publish('acme-cloud', '1.10.0')
publish('acme-cloud', '2.0.0-rc1')

let server: TestApp
beforeAll(async () => {
  const args = ['--allowed-runtimes', 'builtin,npm,grpc', '--npm-registry', registry.url]
  server = await startTestApp({ args })
  await ensureDomain(server.database.db, { domainId: DOMAIN, name: 'Shop', now: new Date() })
})
afterAll(async () => {
  await server.stop()
  registry.stop()
})

async function post(path: string, body: object): Promise<{ status: number; body: JsonObject }> {
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify({ domain_id: DOMAIN, ...body }) }
  const answer = await fetch(server.url + path, request)
  return { status: answer.status, body: (await answer.json()) as JsonObject }
}

async function made(path: string, body: object): Promise<JsonObject> {
  const answer = await post(path, body)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}

const register = (image: string) =>
  post('/repository/v1/plugin/register', {
    name: 'Acme',
    service_type: 'inventory.Collector',
    image,
    provider: 'acme',
  })

async function givenCollector(plugin_id: unknown, plugin: object): Promise<string> {
  const fields = { name: `Acme ${JSON.stringify(plugin)}`, plugin_info: { plugin_id, ...plugin } }
  return String((await made('/inventory/v1/collector/create', fields)).collector_id)
}

async function run(collector_id: string): Promise<void> {
  const { job_id } = await made('/inventory/v1/collector/collect', { collector_id })
  const { job } = await runToEnd(server.database.db, { domainId: DOMAIN, jobId: String(job_id) })
  expect(job.status).toBe('SUCCESS')
}

const versionOf = async (collector_id: string) =>
  (await made('/inventory/v1/collector/get', { collector_id })).plugin_info

test('a plugin has the versions of its registry from registration on; a new one is taken by who follows, and by nobody else', async () => {
  const { plugin_id } = (await register('npm:acme-cloud')).body
  expect(await made('/repository/v1/plugin/get-versions', { plugin_id })).toMatchObject({
    results: ['1.10.0', '1.9.0', '2.0.0-rc1'],
  })
  const follower = await givenCollector(plugin_id, { upgrade_mode: 'AUTO' })
  const pinned = await givenCollector(plugin_id, { upgrade_mode: 'MANUAL', version: '1.9.0' })
  expect(await versionOf(follower)).toMatchObject({ version: '1.10.0' })

  publish('acme-cloud', '2.0.0')
  await server.database.db.query(`update plugin set versions_due_at = now()`)
  await Promise.all([run(follower), run(pinned)])

  expect(await versionOf(follower)).toMatchObject({ version: '2.0.0', upgrade_mode: 'AUTO' })
  expect(await versionOf(pinned)).toMatchObject({ version: '1.9.0', upgrade_mode: 'MANUAL' })
  expect((await namesIn(server.database.db, DOMAIN)).toSorted()).toEqual(['1.9.0', '2.0.0'])
  // The one that described the follower when it was created is there as well.
  expect(server.app.deps.plugins.counters().running).toBe(3)
})

test('versions can be listed at once, and what the registry has no more is forgotten unless somebody is pinned to it', async () => {
  publish('acme-shrinking', '1.0.0')
  publish('acme-shrinking', '1.1.0')
  publish('acme-shrinking', '1.2.0')
  const { plugin_id } = (await register('npm:acme-shrinking')).body
  await givenCollector(plugin_id, { upgrade_mode: 'MANUAL', version: '1.0.0' })
  registry.unpublish('acme-shrinking', ['1.0.0', '1.1.0'])
  publish('acme-shrinking', '1.3.0')

  expect(await made('/gleaner/v1/plugin-version/refresh', { plugin_id })).toEqual({
    plugin_id,
    domain_id: DOMAIN,
    versions: ['1.3.0', '1.2.0', '1.0.0'],
    added_count: 1,
    removed_count: 1,
  })
  expect(await post('/gleaner/v1/plugin-version/add', { plugin_id, version: '9.0.0' })).toMatchObject({
    status: 400,
    body: { detail: { code: 'ERROR_PLUGIN_VERSIONS_LISTED' } },
  })
})

test('a plugin whose registry does not have it is not registered, and one whose registry is away goes on as it was', async () => {
  const refused = await register('npm:acme-nowhere')
  expect(refused).toMatchObject({ status: 503, body: { detail: { code: 'ERROR_PLUGIN_VERSIONS' } } })
  expect(JSON.stringify(refused.body)).toContain('Nothing was registered')

  publish('acme-passing', '1.0.0')
  const { plugin_id } = (await register('npm:acme-passing')).body
  registry.unpublish('acme-passing', ['1.0.0'])
  await server.database.db.query(`update plugin set versions_due_at = now()`)
  await post('/inventory/v1/collector/create', { name: 'Acme', plugin_info: { plugin_id } })

  expect(await made('/gleaner/v1/plugin-version/get-listing', { plugin_id })).toEqual({
    plugin_id,
    domain_id: DOMAIN,
    is_listed: true,
    due_at: expect.stringMatching(/^20.*Z$/),
    error: expect.stringContaining('acme-passing'),
  })
  expect((await gleaner(server.url, ['plugins', 'show', String(plugin_id)])).out).toMatch(
    /versions +1\.0\.0\nlisted .* asked again from 20.*Z on\nproblem .*acme-passing.*; the versions that are known stay\n/,
  )
})

test('a task that fails shows the last that its plugin logged, bounded, to the domain whose plugin it is', async () => {
  const failing = MODULE.replace(
    /async \*collect.*/,
    `async *collect(ctx) {
      for (let step = 1; step <= 30; step++) ctx.log.info('step ' + step, { detail: 'x'.repeat(1_000) })
      await new Promise((resolve) => setTimeout(resolve, 200))
      throw new Error('no further')
    },`,
  )
  registry.publish(
    { name: 'acme-failing', version: '1.0.0', type: 'module', main: 'plugin.js' },
    { 'plugin.js': failing },
  )
  const { plugin_id } = (await register('npm:acme-failing')).body
  const { collector_id } = await made('/inventory/v1/collector/create', {
    name: 'F',
    plugin_info: { plugin_id },
  })
  const { job_id } = await made('/inventory/v1/collector/collect', { collector_id })
  const { task } = await runToEnd(server.database.db, { domainId: DOMAIN, jobId: String(job_id) })

  const { results } = await made('/inventory/v1/job-task/list', { job_task_id: task.jobTaskId })
  expect(results).toMatchObject([{ errors: [{ additional: { plugin_log: expect.any(Array) } }] }])
  const log: unknown = Object(results)[0].errors[0].additional.plugin_log
  const lines = Array.isArray(log) ? log.map(String) : []
  expect(lines.join()).toContain('step 30')
  expect(JSON.stringify(lines).length).toBeLessThan(3_100)
  const { out } = await gleaner(server.url, ['jobs', 'show', String(job_id)])
  expect(out).toMatch(/The last that the plugin logged:\n.*step\s+30/s)
})
