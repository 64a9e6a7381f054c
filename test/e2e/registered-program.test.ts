import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { whyNoPluginUser } from '../support/plugin-user.ts'
import { makeDataDir, portsOf, type ServerProcess, startServer } from './server-process.ts'

const PROGRAM = join(import.meta.dirname, '../fixtures/plugins/looks-around.ts')
const ROOT_KEY = 'the-key-of-who-administers-this-server-0123456789'
const DOMAIN = 'domain-000000000001'
const noPluginUser = whyNoPluginUser()
if (noPluginUser !== undefined)
  console.warn(
    `SKIPPED: what a plugin of a server started by root can read, and as root the opening of a secret for a check, because ${noPluginUser}`,
  )

/** A server that root starts then runs no program at all. */
const isShutOut = noPluginUser !== undefined && process.getuid?.() === 0

const { dataDir, remove } = makeDataDir()
let server: ServerProcess
let port: number

beforeAll(async () => {
  server = startServer(dataDir, {
    flags: ['--allowed-runtimes', 'builtin,cmd'],
    env: { GLEANER_FIRST_API_KEY: ROOT_KEY },
  })
  port = (await portsOf(server)).http
})
afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.exited
  remove()
})

type Answer = { readonly status: number; readonly json: Record<string, unknown> }

async function call(path: string, request: object, key = ROOT_KEY): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(request),
  })
  const json = (await response.json()) as Record<string, unknown>
  return { status: response.status, json }
}

/** What a request makes, by the system administrator; a refusal is an error of the test. */
async function made(path: string, request: object): Promise<Record<string, unknown>> {
  const { status, json } = await call(path, { domain_id: DOMAIN, ...request })
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
  return json
}

const registration = {
  domain_id: DOMAIN,
  name: 'Looks around',
  service_type: 'inventory.Collector',
  image: `cmd:${JSON.stringify([process.execPath, PROGRAM, dataDir])}`,
  provider: 'acme',
  capability: { supported_schema: ['acme_key'] },
}

/** A collector of a registered program, with one secret. */
async function givenCollector() {
  const { plugin_id } = await made('/repository/v1/plugin/register', registration)
  const secret = { name: 'Key', data: { token: 'hunter2' }, schema: 'acme_key' }
  const { secret_id } = await made('/secret/v1/secret/create', secret)
  const { collector_id } = await made('/inventory/v1/collector/create', {
    name: 'Looks around',
    plugin_info: { plugin_id, secret_id },
  })
  return { collectorId: String(collector_id), secretId: String(secret_id) }
}

test('a program of the machine is registered with a key of the system administrator and with no other', async () => {
  const { json } = await call('/gleaner/v1/api-key/create', { domain_id: DOMAIN, name: 'a', role: 'ADMIN' })
  const refused = await call('/repository/v1/plugin/register', registration, String(json.api_key))
  expect(refused).toMatchObject({
    status: 403,
    json: {
      detail: {
        code: 'ERROR_PERMISSION_DENIED',
        message: expect.stringContaining('a key of the system administrator'),
      },
    },
  })
  expect(
    (await call('/repository/v1/plugin/list', { domain_id: DOMAIN, name: registration.name })).json,
  ).toMatchObject({ total_count: 0 })
  expect(await made('/repository/v1/plugin/register', registration)).toMatchObject({
    plugin_id: expect.stringMatching(/^plugin-/),
    image: registration.image,
  })
})

test.skipIf(isShutOut)(
  'checking a collector opens its secret for this one request, and leaves a row that says so',
  async () => {
    const { collectorId, secretId } = await givenCollector()
    await made('/inventory/v1/collector/verify-plugin', { collector_id: collectorId })
    const openings = await made('/gleaner/v1/secret-opening/list', {
      query: { filter: [{ k: 'collector_id', v: collectorId, o: 'eq' }] },
    })
    expect(openings).toMatchObject({
      total_count: 1,
      results: [
        {
          secret_id: secretId,
          job_task_id: '',
          attempt: 0,
          request_id: expect.stringMatching(/^req-[0-9a-f]{12}$/),
        },
      ],
    })
  },
)

test.skipIf(noPluginUser !== undefined)(
  'a plugin of a server that root has started reads neither the master key nor anything else of the data folder',
  async () => {
    expect(existsSync(join(dataDir, 'master.key'))).toBe(true)
    expect(existsSync(join(dataDir, 'postgres/PG_VERSION'))).toBe(true)
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600)

    const { collectorId } = await givenCollector()
    const { job_id } = await made('/inventory/v1/collector/collect', { collector_id: collectorId })
    while ((await made('/gleaner/v1/job-progress/get', { job_id })).finished !== true) await pause(50)

    const { results } = await made('/inventory/v1/cloud-service/list', {
      query: { filter: [{ k: 'cloud_service_type', v: 'View', o: 'eq' }] },
    })
    expect(results).toMatchObject([{ data: { read: [], tried: [] } }])
    const [{ data } = { data: { uid: 0 } }] = results as { data: { uid: number } }[]
    expect(data.uid).toBeGreaterThan(0)
  },
)
