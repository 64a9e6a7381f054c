import { once } from 'node:events'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { ProcessReporter } from '../../src/plugins/index.ts'
import { probeHealth } from '../../src/plugins/processes/probe-health.ts'
import type { SlotReport } from '../../src/plugins/processes/slot-report.ts'
import { storeReports } from '../../src/plugins/processes/sql/store-reports.ts'
import type { RunningPlugin } from '../../src/plugins/running-plugin.ts'
import { remoteRuntime } from '../../src/plugins/runtimes/remote.ts'
import { DEFAULT_PLUGIN_SETTINGS } from '../../src/plugins/settings.ts'
import { gleaner } from '../cli/gleaner.ts'
import { until } from '../jobs/support.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { patiently } from '../support/patiently.ts'
import { silentLog } from '../support/silent-log.ts'
import { failureOf, fixture, givenHost, never, recordOf, until as untilTrue } from './support.ts'

const DOMAIN = 'domain-000000000001'
const FOREIGN = 'domain-000000000002'

const STOPPED: Omit<SlotReport, 'domainId' | 'pluginId' | 'version'> = {
  state: 'STOPPED',
  health: 'UNKNOWN',
  startedAt: undefined,
  imageDigest: '',
  memoryBytes: undefined,
  connections: 0,
  starts: 1,
  failedStarts: 0,
  deaths: 0,
  failure: undefined,
  pausedUntil: undefined,
  logLines: [],
}

describe('the processes of plugins', () => {
  let server: TestApp
  beforeAll(async () => {
    const exits = recordOf('exits', {
      image: `cmd:${JSON.stringify([process.execPath, fixture('zoo'), 'exits'])}`,
    })
    server = await startTestApp({
      args: ['--allowed-runtimes', 'builtin,cmd'],
      plugins: [recordOf('sample', { image: 'builtin:sample' }), exits, recordOf('exits-at-once')],
    })
    for (const domainId of [DOMAIN, FOREIGN]) {
      await ensureDomain(server.database.db, { domainId, name: domainId, now: new Date() })
    }
  })
  afterAll(() => server.stop())

  async function post(path: string, body: object): Promise<JsonObject> {
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify(body) }
    return (await (await fetch(server.url + path, request)).json()) as JsonObject
  }

  /** Creates a collector, and runs it if that could be. */
  async function use(plugin_id: unknown): Promise<void> {
    const fields = { domain_id: DOMAIN, name: 'Acme', plugin_info: { plugin_id } }
    const { collector_id } = await post('/inventory/v1/collector/create', fields)
    if (collector_id === undefined) return
    await post('/inventory/v1/collector/collect', { domain_id: DOMAIN, collector_id })
  }

  async function processesOf(plugin_id: unknown, domain_id = DOMAIN): Promise<readonly JsonObject[]> {
    const { results } = await post('/gleaner/v1/plugin-process/list', { domain_id, plugin_id })
    return results as JsonObject[]
  }

  /** Waits until a plugin has one process that is so. */
  async function untilSeen(plugin_id: unknown, wanted: object): Promise<JsonObject> {
    let seen: readonly JsonObject[] = []
    await until(async () => {
      seen = await processesOf(plugin_id)
      return Object.entries(wanted).every(([key, value]) => seen[0]?.[key] === value)
    })
    return seen[0] ?? {}
  }

  test('one that runs is shown with its health and its memory, in every domain', async () => {
    await use('plugin-sample')
    const shown = await untilSeen('plugin-sample', { state: 'RUNNING', health: 'SERVING' })

    expect(shown).toMatchObject({ version: '1.0.0', failed_starts: 0, deaths: 0, failure: '' })
    expect(Number(shown.memory_bytes)).toBeGreaterThan(10_000_000)
    expect(Number(shown.starts)).toBeGreaterThanOrEqual(1)
    expect(await processesOf('plugin-sample', FOREIGN)).toMatchObject([{ state: 'RUNNING' }])
  })

  test('one that dies is shown with how it ended, and without what it logged', async () => {
    await use('plugin-exits')
    const shown = await untilSeen('plugin-exits', { failure_code: 'ERROR_PLUGIN_DIED' })

    expect(shown.failure).toBe('its process exited with code 9')
    expect(Number(shown.deaths)).toBeGreaterThanOrEqual(1)
  })

  test('one that does not start is shown with the reason, and when it may be started again', async () => {
    let shown: JsonObject = {}
    // Each failure doubles the pause, until one lasts long enough to be looked at.
    await until(async () => {
      await use('plugin-exits-at-once')
      shown = (await processesOf('plugin-exits-at-once'))[0] ?? {}
      return shown.state === 'PAUSED'
    })

    expect(shown).toMatchObject({ failure_code: 'ERROR_PLUGIN_START', health: 'UNKNOWN' })
    expect(new Date(String(shown.paused_until)).getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  test('the log of one of the domain is read there and nowhere else, that of one for all domains by the administrator', async () => {
    const registration = { name: 'Talks', service_type: 'inventory.Collector', domain_id: DOMAIN }
    const image = `cmd:${JSON.stringify([process.execPath, fixture('talks-much')])}`
    const { plugin_id } = await post('/repository/v1/plugin/register', { ...registration, image })
    await use(plugin_id)
    await untilSeen(plugin_id, { state: 'RUNNING' })

    const logOf = (request: object) => post('/gleaner/v1/plugin-process/get-log', { plugin_id, ...request })
    const { results } = await logOf({ domain_id: DOMAIN })
    expect(results).toMatchObject([{ version: 'latest', lines: expect.any(Array) }])
    expect(await logOf({ domain_id: FOREIGN })).toMatchObject({ detail: { code: 'ERROR_NOT_FOUND' } })
    expect(await processesOf(plugin_id, FOREIGN)).toEqual([])
    expect(await logOf({ domain_id: DOMAIN, plugin_id: 'plugin-sample' })).toMatchObject({ results: [] })
    expect(await logOf({ plugin_id: 'plugin-sample' })).toMatchObject({ results: [{ version: '1.0.0' }] })
  })

  test('the image that a version runs is shown, and that its tag was moved since it was first run', async () => {
    const { db } = server.database
    const registration = { name: 'Boxed', service_type: 'inventory.Collector', domain_id: DOMAIN }
    const image = `cmd:${JSON.stringify([process.execPath, fixture('talks-much')])}`
    const { plugin_id } = await post('/repository/v1/plugin/register', { ...registration, image })
    const pluginId = String(plugin_id)
    const [first, second] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`)
    const runs = (imageDigest = '') =>
      storeReports(db, 'host', [{ ...STOPPED, domainId: DOMAIN, pluginId, version: 'latest', imageDigest }])
    const show = async () => (await gleaner(server.url, ['plugins', 'show', pluginId])).out

    await runs(first)
    expect(await processesOf(plugin_id)).toMatchObject([{ image_digest: first, first_digest: first }])
    expect(await show()).toContain(`latest is ${first}\n`)
    await runs(second)
    expect(await processesOf(plugin_id)).toMatchObject([{ image_digest: second, first_digest: first }])
    expect(await show()).toContain(`latest is ${second}; its tag was moved: it was first run as ${first}\n`)
  })
})

test('looking at a plugin that was never used leaves no trace, and one that is gone is forgotten when it has ended', async () => {
  const { host } = givenHost([recordOf('well-behaved')], { idleMs: 20 })
  const ref = { pluginId: 'plugin-well-behaved' }
  expect([await host.inspect(ref), await host.readActivity(ref)]).toEqual([undefined, undefined])
  expect(await host.reports()).toEqual([])

  const connection = await host.connect(ref, never)
  const name = { domainId: '', pluginId: ref.pluginId, version: '1.0.0' }
  host.forget(name)
  expect(await host.reports()).toMatchObject([{ ...name, state: 'RUNNING' }])
  connection.release()
  await untilTrue(() => {
    host.forget(name)
    return host.counters().running === 0
  })
  await until(async () => {
    host.forget(name)
    return (await host.reports()).length === 0
  })
  expect(host.counters()).toMatchObject({ starts: 1, running: 0 })
})

test('of a plugin whose domain is gone nothing is written any more', async () => {
  const { db, drop } = await createTestDatabase()
  onTestFinished(drop)
  const report = { ...STOPPED, domainId: 'domain-gone', pluginId: 'plugin-gone', version: '1.0.0' }
  const forgotten = Promise.withResolvers<object>()
  const plugins = { reports: async () => [report], forget: forgotten.resolve }
  const reporter = new ProcessReporter({ db, plugins, log: silentLog })
  reporter.start()
  onTestFinished(() => reporter.stop())

  expect(await forgotten.promise).toMatchObject({ pluginId: 'plugin-gone' })
  expect(await db.query('select 1 from plugin_process')).toEqual([])
})

describe('the health of a plugin', () => {
  /** A server that answers each call in one way. */
  async function givenServer(answer: (stream: ServerHttp2Stream) => void): Promise<RunningPlugin> {
    const server = createServer()
    server.on('stream', answer)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    return await remoteOf(port)
  }

  const remoteOf = (port: number) =>
    remoteRuntime.start(
      { pluginId: 'p', version: '1', image: '' },
      `127.0.0.1:${port}`,
      // Nothing of it is used to reach what runs already.
      { settings: DEFAULT_PLUGIN_SETTINGS } as Parameters<typeof remoteRuntime.start>[2],
      never,
    )

  const answers = (body: readonly number[], code = 0) =>
    givenServer((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(code) }))
      stream.end(body.length === 0 ? undefined : Buffer.from([0, 0, 0, 0, body.length, ...body]))
    })

  test.each([
    ['SERVING', [0x08, 0x01], 0],
    ['NOT_SERVING', [0x08, 0x02], 0],
    ['UNKNOWN', [], 12],
  ] as const)('is %s when it answers so', async (health, body, code) => {
    const settings = { ...DEFAULT_PLUGIN_SETTINGS, healthTimeoutMs: 60_000 }
    expect(await probeHealth(await answers(body, code), settings)).toBe(health)
  })

  test('is UNREACHABLE when it answers nothing, or is not there', async () => {
    const settings = { ...DEFAULT_PLUGIN_SETTINGS, healthTimeoutMs: 300 }
    expect(await probeHealth(await givenServer(() => {}), settings)).toBe('UNREACHABLE')
    expect(await probeHealth(await remoteOf(1), settings)).toBe('UNREACHABLE')
  })
})

test('a plugin that hangs while nobody uses it is stopped, and started anew for the next', async () => {
  const { host } = givenHost([recordOf('well-behaved')], {
    healthEveryMs: 50,
    healthTimeoutMs: 200,
    stopGraceMs: 200,
  })
  const ref = { pluginId: 'plugin-well-behaved' }
  const first = await host.connect(ref, never)
  const pid = Number((await first.init({}, never)).pid)
  first.release()
  process.kill(pid, 'SIGSTOP')

  await untilTrue(() => host.counters().running === 0)
  expect(await host.reports()).toMatchObject([{ state: 'STOPPED', failure: { code: 'ERROR_PLUGIN_HUNG' } }])
  const second = await host.connect(ref, never)
  expect(Number((await second.init({}, never)).pid)).not.toBe(pid)
})

test('a plugin that hangs in a call is left to the time limit of the call', async () => {
  await patiently(1_000, async (initTimeoutMs) => {
    const settings = { healthEveryMs: 20, healthTimeoutMs: 100, initTimeoutMs }
    const { host } = givenHost([recordOf('well-behaved')], settings)
    const connection = await host.connect({ pluginId: 'plugin-well-behaved' }, never)
    const pid = Number((await connection.init({}, never)).pid)
    process.kill(pid, 'SIGSTOP')

    expect(await failureOf(connection.init({}, never))).toMatchObject({ kind: 'deadline' })
    expect(host.counters().running).toBe(1)
    process.kill(pid, 'SIGCONT')
  })
})
