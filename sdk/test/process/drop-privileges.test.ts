import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectFrom } from '../../src/testing/collect-from.ts'
import { type PluginProcess, startProcess } from '../../src/testing/start-plugin.ts'
import { PluginClient } from '../support/plugin-client.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')
const UID = 54321
const GID = 54322
const GROUP_OF_ROOT = 4
const IS_ROOT = process.getuid?.() === 0

if (!IS_ROOT) console.warn('NOT RUN: giving up root needs root; run the suite as root to check it')

/** A copy of what a plugin needs, below a folder that only root can enter, and a home outside. */
let locked = ''
let home = ''
let groupsBefore: number[] = []

beforeAll(() => {
  if (!IS_ROOT) return
  groupsBefore = process.getgroups?.() ?? []
  process.setgroups?.([GROUP_OF_ROOT]) // children inherit it, and the plugin must lose it
  locked = mkdtempSync(join(tmpdir(), 'gleaner-locked-'))
  home = mkdtempSync(join(tmpdir(), 'gleaner-home-'))
  chmodSync(locked, 0o700)
  chmodSync(home, 0o755)
  const clone = join(locked, 'clone')
  mkdirSync(join(clone, 'node_modules/@gleaner'), { recursive: true })
  for (const part of ['sdk', 'plugins']) {
    cpSync(join(REPOSITORY, part), join(clone, part), {
      recursive: true,
      filter: (path) => !path.endsWith('/test'),
    })
  }
  for (const name of dependenciesOf(['@grpc/grpc-js', 'systeminformation'])) {
    cpSync(join(REPOSITORY, 'node_modules', name), join(clone, 'node_modules', name), { recursive: true })
  }
  symlinkSync('../../sdk', join(clone, 'node_modules/@gleaner/sdk')) // as npm links a workspace
})

afterAll(() => {
  if (IS_ROOT) process.setgroups?.(groupsBefore)
  for (const folder of [locked, home]) if (folder) rmSync(folder, { recursive: true })
})

test.runIf(IS_ROOT)(
  'started as root, it runs under the given ids, without groups, in its own folder',
  async () => {
    const plugin = await startDropped('sdk/src/sample/plugin.ts')
    const facts = readFileSync(`/proc/${plugin.child.pid}/status`, 'utf8')
    expect(fieldOf(facts, 'Uid')).toEqual(['54321', '54321', '54321', '54321'])
    expect(fieldOf(facts, 'Gid')).toEqual(['54322', '54322', '54322', '54322'])
    expect(fieldOf(facts, 'Groups')).toEqual([''])
    expect(fieldOf(facts, 'CapEff')).toEqual(['0000000000000000'])
    expect(realpathSync(`/proc/${plugin.child.pid}/cwd`)).toBe(realpathSync(home))
    await plugin.stop()
  },
)

test.runIf(IS_ROOT)('below a folder it cannot enter, every method still works', async () => {
  const plugin = await startDropped('sdk/src/sample/plugin.ts')
  const client = new PluginClient(plugin.port)
  await expect(client.init()).resolves.toBeDefined()
  await expect(client.verify()).resolves.toBeDefined()
  await expect(client.getTasks()).resolves.toBeDefined()
  await expect(client.health('')).resolves.toBe(1)
  await expect(client.verify({ secretData: { token: 'expired' } })).rejects.toThrow(/not accepted/)
  const { messages, error } = await client.collect({ options: { count: 10, delay_ms: 1 } })
  client.close()
  await plugin.stop()
  expect(error).toBeUndefined()
  expect(messages).toHaveLength(3 + 2 + 10)
})

test.runIf(IS_ROOT)('a plugin with dependencies of its own has loaded them all before', async () => {
  const plugin = await startDropped('plugins/host/src/plugin.ts')
  const { resources, error } = await collectFrom(plugin.port)
  await plugin.stop()
  expect(error).toBeUndefined()
  expect(resources.filter(({ state }) => state !== 4)).toEqual([])
  expect(resources.length).toBeGreaterThan(10)
})

function startDropped(plugin: string): Promise<PluginProcess> {
  const clone = join(locked, 'clone')
  const env = { GLEANER_PLUGIN_UID: String(UID), GLEANER_PLUGIN_GID: String(GID), GLEANER_PLUGIN_HOME: home }
  return startProcess([join(clone, 'sdk/src/launch.ts'), join(clone, plugin)], { env, cwd: clone })
}

/** The packages and everything they depend on, from the installed manifests. */
function dependenciesOf(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const queue = [...names]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue
    found.add(name)
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'node_modules', name, 'package.json'), 'utf8'))
    queue.push(...Object.keys(manifest.dependencies ?? {}))
  }
  return found
}

function fieldOf(status: string, name: string): readonly string[] {
  const line = status.split('\n').find((each) => each.startsWith(`${name}:`)) ?? ''
  return line
    .slice(name.length + 1)
    .trim()
    .split(/\s+/)
}
