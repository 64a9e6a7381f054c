import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startPlugin, startProcess } from '../../src/testing/start-plugin.ts'
import { LAUNCHER, MOODY_PLUGIN, SAMPLE_PLUGIN } from '../support/paths.ts'
import { PluginClient } from '../support/plugin-client.ts'
import { until } from '../support/until.ts'

test('prints exactly one line on stdout, and that is the ready line', async () => {
  const plugin = await startPlugin(SAMPLE_PLUGIN)
  await plugin.stop()
  expect(plugin.stdout).toEqual([`GLEANER_PLUGIN_READY {"port":${plugin.port},"protocol":1}`])
})

test('ends with 0 when stdin closes, also in the middle of a stream', async () => {
  const plugin = await startPlugin(MOODY_PLUGIN)
  const client = new PluginClient(plugin.port)
  const collected = client.collect(
    { options: { mode: 'wait' }, secretData: { token: 'token' } },
    {},
    (count) => {
      if (count === 2) plugin.child.stdin?.end()
    },
  )
  const [code] = await once(plugin.child, 'close')
  const { error } = await collected
  client.close()
  expect(code).toBe(0)
  expect(error?.details).toBe('ERROR_PLUGIN_STOPPED: the plugin process is stopping')
  expect(plugin.stderr()).toContain('moody closed')
})

test('ends with 0 on SIGTERM, also when a call is deaf to its signal', async () => {
  const plugin = await startPlugin(MOODY_PLUGIN)
  const client = new PluginClient(plugin.port)
  const collected = client.collect(
    { options: { mode: 'deaf' }, secretData: { token: 'token' } },
    {},
    (count) => {
      if (count === 2) plugin.child.kill('SIGTERM')
    },
  )
  const [code, signal] = await once(plugin.child, 'close')
  await collected
  client.close()
  expect([code, signal]).toEqual([0, null])
})

test('ends when its parent is killed with SIGKILL', async () => {
  const parentCode = `
    const { spawn } = require('node:child_process')
    const env = { ...process.env, GLEANER_PLUGIN_PORT: '0' }
    const child = spawn(process.execPath, process.argv.slice(1), { env, stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdout.on('data', () => console.log(child.pid))`
  const parent = spawn(process.execPath, ['-e', parentCode, LAUNCHER, SAMPLE_PLUGIN], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(parent.stdout, 'data')
  const pluginPid = Number(String(line))
  expect(isRunning(pluginPid)).toBe(true)
  parent.kill('SIGKILL')
  await until(() => !isRunning(pluginPid))
})

test.each([
  ['a module that does not exist', ['./nowhere.ts'], /Cannot find module/],
  ['a module that is no plugin', [LAUNCHER.replace('launch.ts', 'errors.ts')], /is no plugin/],
  ['no module', [], /name the plugin/],
])('%s ends with 1 and says why', async (_, args, reason) => {
  await expect(startProcess([LAUNCHER, ...args])).rejects.toThrow(/ended with 1/)
  await expect(startProcess([LAUNCHER, ...args])).rejects.toThrow(reason)
})

test.each([
  ['a port that is none', { GLEANER_PLUGIN_PORT: '99999' }, /GLEANER_PLUGIN_PORT must be a port/],
  ['root as its user', { GLEANER_PLUGIN_UID: '0', GLEANER_PLUGIN_GID: '1' }, /GLEANER_PLUGIN_UID must be/],
  ['half an identity', { GLEANER_PLUGIN_UID: '12345' }, /GLEANER_PLUGIN_GID must be .* missing/],
])('%s is refused at the start', async (_, env, reason) => {
  await expect(startPlugin(SAMPLE_PLUGIN, { env })).rejects.toThrow(reason)
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
