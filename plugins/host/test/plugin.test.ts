import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CollectedResource, type CollectResult, collectFrom, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../../../test/support/patiently.ts'
import { SOURCE_NAMES } from '../src/resource-types.ts'

const PLUGIN = join(import.meta.dirname, '../src/plugin.ts')
const IS_ROOT = process.getuid?.() === 0

/** Names of things that change by themselves. */
const VOLATILE =
  /^(uptime|boot|.*free.*|used?|.*_used|available|load.*|pid|ppid|temperature|.*speed.*|status|started.*|lease.*|.*usage.*|carrier.*)$/

let first: CollectResult
let second: CollectResult

beforeAll(async () => {
  first = await collectOnce()
  second = await collectOnce()
})

test('two runs in two processes send the same bytes, but for what has come or gone on this machine', () => {
  expect(first.error).toBeUndefined()
  // Others begin and cease to listen meanwhile.
  const [one, other] = [keptFrom(first, second), keptFrom(second, first)]
  expect(firstDifference(one, other)).toBeUndefined()
  expect(one.length).toBeGreaterThan(20)
  const isSame = one.length === first.resources.length && other.length === second.resources.length
  if (isSame) expect(first.bytes.equals(second.bytes)).toBe(true)
})

test('the machine itself is found, with what it is made of', () => {
  const [server] = servicesOf(first, 'Server')
  expect(server?.resource).toMatchObject({
    provider: 'host',
    account: expect.stringMatching(/^machine-[0-9a-f]{20}$/),
    region_code: 'local',
    name: expect.stringMatching(/./),
    instance_size: expect.any(Number),
    data: {
      os: { kernel: expect.stringMatching(/./), platform: process.platform },
      cpu: { cores: expect.any(Number) },
      memory: { size_mib: expect.any(Number) },
    },
  })
})

test('every resource belongs to this machine and has a key of its own', () => {
  const services = first.resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  const keys = services.map(({ resource }) => Object(resource.reference).resource_id)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(services.map(({ resource }) => resource.account)).size).toBe(1)
  for (const key of keys) expect(key).toMatch(/^host:machine-[0-9a-f]{20}:/)
})

test('nothing in a document changes by itself', () => {
  const names = first.resources.flatMap(({ resource }) => keysOf(resource.data))
  expect(names.length).toBeGreaterThan(20)
  expect(names.filter((name) => VOLATILE.test(name))).toEqual([])
})

test('nothing failed on this machine', () => {
  expect(first.resources.filter(({ state }) => state !== 4)).toEqual([])
})

test('only the sources that were asked for are read', async () => {
  const { resources } = await collectOnce({ sources: ['interface'] })
  const services = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  expect(services.length).toBeGreaterThan(0)
  expect(services.every(({ resource }) => resource.cloud_service_type === 'Interface')).toBe(true)
})

test('a source that fails is one ErrorResource that names its type, and the rest is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-engine-'))
  const socket = join(folder, 'engine.sock')
  const engine = await serveEngine(socket, 500, '')
  const result = await collectOnce({ docker_socket: socket, sources: ['container', 'interface'] })
  engine.close()
  rmSync(folder, { recursive: true })
  const failures = result.resources.filter(({ state }) => state === 5)
  expect(failures).toMatchObject([
    {
      resourceType: 'inventory.ErrorResource',
      message: 'ERROR_SOURCE: the container engine answered 500',
      resource: { cloud_service_group: 'Container', cloud_service_type: 'Container', region_code: 'local' },
    },
  ])
  expect(servicesOf(result, 'Interface').length).toBeGreaterThan(0)
})

test('a source that hangs ends at its timeout, and the rest is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-engine-'))
  const socket = join(folder, 'engine.sock')
  const engine = await serveEngine(socket, 200, undefined)
  onTestFinished(() => {
    engine.closeAllConnections()
    engine.close()
    rmSync(folder, { recursive: true })
  })
  await patiently(2_000, async (ms) => {
    const limit = { source_timeout_seconds: ms / 1_000 }
    const result = await collectOnce({
      docker_socket: socket,
      sources: ['container', 'file_system'],
      ...limit,
    })
    expect(result.resources.filter(({ state }) => state === 5)).toMatchObject([
      { message: `ERROR_SOURCE: it was not done within ${ms / 1_000} seconds` },
    ])
    expect(servicesOf(result, 'FileSystem').length).toBeGreaterThan(0)
  })
})

test('containers of an engine that answers are found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-engine-'))
  const socket = join(folder, 'engine.sock')
  const containers = [
    {
      Id: 'c0ffee'.repeat(10),
      Names: ['/web'],
      Image: 'nginx:1.27',
      State: 'running',
      Status: 'Up 3 hours',
      Created: 1_700_000_000,
      Labels: { team: 'web' },
      Ports: [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }],
      NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.2' } } },
    },
  ]
  const engine = await serveEngine(socket, 200, JSON.stringify(containers))
  const result = await collectOnce({ docker_socket: socket, sources: ['container'] })
  engine.close()
  rmSync(folder, { recursive: true })
  const [container] = servicesOf(result, 'Container')
  expect(container?.resource).toMatchObject({
    name: 'web',
    instance_type: 'nginx:1.27',
    ip_addresses: ['172.17.0.2'],
    launched_at: '2023-11-14T22:13:20.000Z',
    tags: { team: 'web' },
    data: { state: 'running', ports: ['0.0.0.0:8080->80/tcp'], networks: ['bridge'] },
  })
  expect(JSON.stringify(container)).not.toContain('3 hours')
})

describe('without any rights', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'gleaner-home-'))
    chmodSync(home, 0o755)
  })
  afterAll(() => rmSync(home, { recursive: true }))

  if (!IS_ROOT)
    console.warn('NOT RUN: collecting under another uid needs root; run the suite as root to check it')

  test.runIf(IS_ROOT)(
    'a uid without a passwd entry and with an empty environment finds every kind',
    async () => {
      const env = {
        GLEANER_PLUGIN_UID: '54321',
        GLEANER_PLUGIN_GID: '54321',
        GLEANER_PLUGIN_HOME: home,
        HOME: home,
      }
      const result = await collectOnce({}, env)
      expect(result.error).toBeUndefined()
      expect(result.resources.filter(({ state }) => state !== 4)).toEqual([])
      for (const type of ['Server', 'FileSystem', 'Interface']) {
        expect(servicesOf(result, type).length, type).toBeGreaterThan(0)
      }
      expect(servicesOf(result, 'Package').length).toBe(servicesOf(first, 'Package').length)
    },
  )
})

test('every resource type has its source', () => {
  const types = first.resources.filter(({ resourceType }) => resourceType === 'inventory.CloudServiceType')
  expect(types).toHaveLength(SOURCE_NAMES.length)
})

async function collectOnce(options = {}, env: NodeJS.ProcessEnv = {}): Promise<CollectResult> {
  const plugin = await startPlugin(PLUGIN, { env })
  try {
    return await collectFrom(plugin.port, { options })
  } finally {
    await plugin.stop()
  }
}

function servicesOf({ resources }: CollectResult, type: string): readonly CollectedResource[] {
  return resources.filter(
    ({ resourceType, resource }) =>
      resourceType === 'inventory.CloudService' && resource.cloud_service_type === type,
  )
}

/** What a run has found and another has found as well; listeners alone may be missing from the other. */
function keptFrom({ resources }: CollectResult, other: CollectResult): readonly CollectedResource[] {
  const keys = new Set(other.resources.map(keyOf))
  return resources.filter((each) => !isListener(each) || keys.has(keyOf(each)))
}

function keyOf({ resource }: CollectedResource): unknown {
  return Object(resource.reference).resource_id
}

function isListener({ resource }: CollectedResource): boolean {
  return resource.cloud_service_type === 'ListeningService'
}

/** The first pair that differs, so that a failure shows what moved and not two long buffers. */
function firstDifference(a: readonly CollectedResource[], b: readonly CollectedResource[]): unknown {
  const length = Math.max(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const pair = [a[index], b[index]]
    if (JSON.stringify(pair[0]) !== JSON.stringify(pair[1])) return pair
  }
  return undefined
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(keysOf)
  return Object.entries(value).flatMap(([key, child]) => [key, ...keysOf(child)])
}

/** A container engine on a socket; without a body it never answers. */
function serveEngine(socket: string, status: number, body: string | undefined): Promise<Server> {
  const server = createServer((_, answer) => {
    if (body === undefined) return
    answer.writeHead(status)
    answer.end(body)
  })
  return new Promise((resolve) => server.listen(socket, () => resolve(server)))
}
