import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { escapeControls, LogRing } from '../../src/plugins/process/log-ring.ts'
import { preparePluginFolder } from '../../src/plugins/process/plugin-folder.ts'
import { choosePluginUser } from '../../src/plugins/process/plugin-user.ts'
import { readLines } from '../../src/plugins/process/read-lines.ts'
import { parseReadyLine } from '../../src/plugins/process/ready-line.ts'
import { explainSpawnError } from '../../src/plugins/process/spawn-plugin.ts'

test('a log keeps the newest lines within its size', () => {
  const ring = new LogRing(30)
  for (const line of ['one is old', 'two is newer', '', 'three is newest']) ring.add(line)
  expect(ring.last(5)).toEqual(['two is newer', 'three is newest'])
})

test('a line longer than the whole log is still there, cut', () => {
  const ring = new LogRing(100)
  ring.add('x'.repeat(10_000))
  expect(ring.last(1)[0]).toHaveLength(2_049)
})

test.each([
  ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
  ['a\r\nb', 'a\\x0d\\x0ab'],
  ['tab\tstays', 'tab\tstays'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
  ['\u009b2J', '\\x9b2J'],
  ['grüße 🎉', 'grüße 🎉'],
])('control characters of %j are made visible', (text, visible) => {
  expect(escapeControls(text)).toBe(visible)
})

test('lines are put together from chunks, also where a character is split', async () => {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, (line) => lines.push(line))
  const bytes = Buffer.from('erste\r\nzwölf\nlast')
  const middle = bytes.indexOf(0xc3) + 1
  stream.write(bytes.subarray(0, middle))
  stream.end(bytes.subarray(middle))
  await new Promise((resolve) => stream.once('close', resolve))
  expect(lines).toEqual(['erste', 'zwölf', 'last'])
})

test('a line without an end is cut and takes bounded memory', async () => {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, (line) => lines.push(line))
  for (let i = 0; i < 100; i++) stream.write('x'.repeat(10_000))
  stream.end('\nnext')
  await new Promise((resolve) => stream.once('close', resolve))
  expect(lines.map((line) => line.length)).toEqual([16_384, 4])
})

test.each([
  ['GLEANER_PLUGIN_READY {"port":4711,"protocol":1}', { port: 4711 }],
  ['a banner', undefined],
  ['GLEANER_PLUGIN_READY', undefined],
])('the line %j is read as %j', (line, read) => {
  expect(parseReadyLine(line)).toEqual(read)
})

test.each([
  'GLEANER_PLUGIN_READY nonsense',
  'GLEANER_PLUGIN_READY null',
  'GLEANER_PLUGIN_READY {"port":4711}',
  'GLEANER_PLUGIN_READY {"port":4711,"protocol":2}',
  'GLEANER_PLUGIN_READY {"port":0,"protocol":1}',
  'GLEANER_PLUGIN_READY {"port":65536,"protocol":1}',
  'GLEANER_PLUGIN_READY {"port":"4711","protocol":1}',
])('the ready line %j is refused with a reason', (line) => {
  expect(parseReadyLine(line)).toEqual({ problem: expect.any(String) })
})

test('a server that is root gives each plugin a user of its own, the same each time; another server has none to give', () => {
  const user = choosePluginUser('plugin-a', true)
  expect(user).toEqual(choosePluginUser('plugin-a', true))
  expect(user?.uid).not.toBe(choosePluginUser('plugin-b', true)?.uid)
  expect(user?.uid).toBeGreaterThanOrEqual(60_600)
  expect(user?.uid).toBeLessThan(61_100)
  expect(choosePluginUser('plugin-a', false)).toBeUndefined()
})

test('a server that may not change users says which option keeps it from that', () => {
  const error = Object.assign(new Error('no'), { code: 'EPERM' })
  const why = explainSpawnError(error, { command: '/bin/sh', user: { uid: 60_001, gid: 60_001 } })
  expect(why).toContain('GLEANER_PLUGIN_DROP_PRIVILEGES=false')
  expect(why).toContain('uid 60001')
})

// What a full disk refuses is refused here by a file that is in the way, which needs no disk of its own.
test('a plugin whose folder cannot be made is a failure that may pass, and names the folder and the reason', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gleaner-folder-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  await writeFile(join(dataDir, 'plugins'), 'in the way')

  const preparing = preparePluginFolder({ dataDir, pluginId: 'plugin-1', user: undefined })

  await expect(preparing).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'ERROR_PLUGIN_START',
    retryable: true,
    message: expect.stringMatching(/'plugin-1' \(start\): it has no folder to run in: E[A-Z]+.*plugins/),
  })
})
