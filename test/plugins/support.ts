import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { JsonObject } from '@bufbuild/protobuf'
import { fromBinary } from '@bufbuild/protobuf'
import { onTestFinished } from 'vitest'
import { SecretData } from '../../src/core/secret-data.ts'
import { ResourceInfoSchema } from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import {
  createPluginHost,
  createPluginRegistry,
  type PluginConnection,
  PluginError,
  type PluginRecord,
  type PluginSettings,
} from '../../src/plugins/index.ts'
import { keptLog } from '../support/kept-log.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/plugins')

export const never = new AbortController().signal

export const noSecret = new SecretData({})

/** The path of a fixture program. */
export function fixture(name: string): string {
  return join(FIXTURES, `${name}.ts`)
}

/** A record for a fixture program, `plugin-<name>`, or for any image. */
export function recordOf(
  name: string,
  overrides: Partial<PluginRecord> & { args?: readonly string[] } = {},
): PluginRecord {
  const { args = [], ...fields } = overrides
  return {
    pluginId: `plugin-${name}`,
    name,
    image: `cmd:${JSON.stringify([process.execPath, fixture(name), ...args])}`,
    serviceType: 'inventory.Collector',
    provider: 'test',
    capability: {},
    versions: ['1.0.0'],
    labels: [],
    ...fields,
  }
}

/** As long as a busy machine may take where the time is not what is tested. */
export const UNHURRIED = { startTimeoutMs: 120_000, connectTimeoutMs: 60_000 }

/** A host of these plugins that is stopped with the test, and what it logged. */
export function givenHost(records: readonly PluginRecord[], settings: Partial<PluginSettings> = {}) {
  const dataDir = givenFolder()
  const { logged, log } = keptLog()
  const host = createPluginHost({
    dataDir,
    log,
    registry: createPluginRegistry({ records }),
    settings: { ...UNHURRIED, dropPrivileges: false, stopGraceMs: 2_000, ...settings },
  })
  onTestFinished(() => host.stop())
  return { host, logged, dataDir }
}

/** A host of one fixture program and an open connection to it. */
export async function givenConnection(
  name: string,
  settings: Partial<PluginSettings> = {},
  args: readonly string[] = [],
) {
  const { host, logged } = givenHost([recordOf(name, { args })], settings)
  return { host, logged, connection: await host.connect({ pluginId: `plugin-${name}` }, never) }
}

/** A program started by the test itself, killed with it, and the first line it printed. */
export async function givenProgram(path: string, args: readonly string[] = []) {
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const [firstLine]: unknown[] = await once(lines, 'line')
  return { child, firstLine: String(firstLine) }
}

/** A TCP relay to a local port, whose connections can be cut. */
export async function givenRelay(to: number) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.pipe(far).pipe(near)
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return { port: address !== null && typeof address === 'object' ? address.port : 0, cut }
}

export function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Reads a whole collect stream and returns the names of its resources. */
export async function collectNames(
  connection: PluginConnection,
  options: JsonObject = {},
  secretData = noSecret,
): Promise<string[]> {
  const names: string[] = []
  for await (const messages of connection.collect({ options, secretData, filter: {} }, never)) {
    for (const message of messages) names.push(String(fromBinary(ResourceInfoSchema, message).resource?.name))
  }
  return names
}

/** The error a promise fails with. */
export async function failureOf(work: Promise<unknown>): Promise<PluginError> {
  const outcome = await work.then(
    () => new Error('expected a failure'),
    (error: unknown) => error,
  )
  if (outcome instanceof PluginError) return outcome
  throw outcome
}

/** Waits until something holds; the test's own time limit ends a wait that never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Whether a process runs; one that ended and waits to be reaped does not. */
export function isAlive(pid: unknown): boolean {
  if (typeof pid !== 'number' || pid <= 0) throw new Error(`${String(pid)} is no process id`)
  if (existsSync('/proc/self/stat')) {
    const stat = readIfThere(`/proc/${pid}/stat`)
    return stat !== undefined && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  }
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
