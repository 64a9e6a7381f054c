import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { runToEnd } from '../jobs/support.ts'
import { givenProject } from '../secrets/support.ts'
import { startTestApp, type TestApp } from '../support/app.ts'

const SDK = join(import.meta.dirname, '../../sdk/src')
const domain_id = 'domain-000000000001'
// A program whose version is an argument that it does not read.
const image = `cmd:${JSON.stringify([process.execPath, join(SDK, 'launch.ts'), join(SDK, 'sample/plugin.ts'), '{version}'])}`

let server: TestApp
beforeAll(async () => {
  server = await startTestApp({ args: ['--allowed-runtimes', 'builtin,cmd,grpc'] })
  await ensureDomain(server.database.db, { domainId: domain_id, name: 'Shop', now: new Date() })
})
afterAll(() => server.stop())

async function post(path: string, body: object): Promise<{ status: number; body: JsonObject }> {
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify({ domain_id, ...body }) }
  const answer = await fetch(server.url + path, request)
  return { status: answer.status, body: (await answer.json()) as JsonObject }
}

async function given(path: string, body: object): Promise<JsonObject> {
  const answer = await post(path, body)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

const register = (fields: object = {}) =>
  given('/repository/v1/plugin/register', {
    name: 'Acme',
    service_type: 'inventory.Collector',
    image,
    provider: 'acme',
    registry_config: { versions: ['1.0.0'] },
    ...fields,
  })

const create = (plugin_id: unknown, fields: object = {}) =>
  post('/inventory/v1/collector/create', {
    name: 'Acme production',
    plugin_info: { plugin_id, options: { count: 3 } },
    ...fields,
  })

async function collect(collector_id: unknown) {
  const job = await given('/inventory/v1/collector/collect', { collector_id })
  return await runToEnd(server.database.db, { domainId: domain_id, jobId: String(job.job_id) })
}

test('a registered plugin collects, and what it lets be upgraded is upgraded by the worker', async () => {
  const { plugin_id } = await register()
  const auto = (await create(plugin_id)).body
  const pinned = (await create(plugin_id, { plugin_info: { plugin_id, upgrade_mode: 'MANUAL' } })).body
  expect(auto).toMatchObject({ provider: 'acme', plugin_info: { version: '1.0.0' } })
  expect((await collect(auto.collector_id)).job).toMatchObject({ status: 'SUCCESS' })

  await given('/gleaner/v1/plugin-version/add', { plugin_id, version: '1.10.0' })
  await given('/repository/v1/plugin/update', { plugin_id, capability: { monitoring: true } })
  for (const { collector_id } of [auto, pinned]) {
    expect((await collect(collector_id)).job).toMatchObject({ status: 'SUCCESS' })
  }

  const read = (collector_id: unknown) => given('/inventory/v1/collector/get', { collector_id })
  expect(await read(auto.collector_id)).toMatchObject({
    capability: { monitoring: true },
    plugin_info: { version: '1.10.0', upgrade_mode: 'AUTO' },
  })
  expect(await read(pinned.collector_id)).toMatchObject({ plugin_info: { version: '1.0.0' } })

  expect(await post('/gleaner/v1/plugin-version/remove', { plugin_id, version: '1.0.0' })).toMatchObject({
    status: 400,
    body: {
      detail: { code: 'ERROR_PLUGIN_IN_USE', message: expect.stringContaining(String(pinned.collector_id)) },
    },
  })
})

test('a plugin in use cannot be deregistered, and the answer names who uses it', async () => {
  const { plugin_id } = await register()
  const { collector_id } = (await create(plugin_id)).body

  const refused = await post('/repository/v1/plugin/deregister', { plugin_id })
  expect(refused).toMatchObject({ status: 400, body: { detail: { code: 'ERROR_PLUGIN_IN_USE' } } })
  expect(JSON.stringify(refused.body)).toContain(`'Acme production' (${collector_id})`)

  await given('/inventory/v1/collector/delete', { collector_id })
  await given('/repository/v1/plugin/deregister', { plugin_id })
  expect(await create(plugin_id)).toMatchObject({ body: { detail: { code: 'ERROR_PLUGIN_NOT_FOUND' } } })
})

test('a disabled plugin starts nothing until it is enabled again', async () => {
  const { plugin_id } = await register()
  const { collector_id } = (await create(plugin_id)).body
  await given('/repository/v1/plugin/disable', { plugin_id })

  const disabled = { status: 400, body: { detail: { code: 'ERROR_PLUGIN_STATE' } } }
  expect(await create(plugin_id)).toMatchObject(disabled)
  expect(await post('/inventory/v1/collector/collect', { collector_id })).toMatchObject(disabled)
  expect(await post('/inventory/v1/collector/update-plugin', { collector_id })).toMatchObject(disabled)

  await given('/repository/v1/plugin/enable', { plugin_id })
  expect((await collect(collector_id)).job).toMatchObject({ status: 'SUCCESS' })
})

test('a plugin of a project is run by private collectors of that project alone', async () => {
  for (const project of ['project-00000000000a', 'project-00000000000b']) {
    await givenProject(server.database.db, domain_id, project)
  }
  const { plugin_id } = await register({ project_id: 'project-00000000000a' })
  for (const project_id of ['', 'project-00000000000b']) {
    expect(await create(plugin_id, { project_id })).toMatchObject({
      status: 400,
      body: { detail: { code: 'ERROR_INVALID_PARAMETER' } },
    })
  }
  expect(await create(plugin_id, { project_id: 'project-00000000000a' })).toMatchObject({ status: 200 })
})

test('a plugin is known in its own domain only', async () => {
  const { plugin_id } = await register()
  const foreign = 'domain-000000000002'
  await ensureDomain(server.database.db, { domainId: foreign, name: 'Somebody else', now: new Date() })

  expect(await create(plugin_id, { domain_id: foreign })).toMatchObject({ status: 404 })
  const { results } = await given('/repository/v1/plugin/list', { domain_id: foreign })
  expect(results).toContainEqual(expect.objectContaining({ plugin_id: 'plugin-host', domain_id: foreign }))
  expect(results).not.toContainEqual(expect.objectContaining({ plugin_id }))
})
