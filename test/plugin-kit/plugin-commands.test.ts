import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRecordedProvider } from '../../sdk/src/testing/recorded-provider.ts'
import { gleaner } from '../cli/gleaner.ts'

function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-plugin-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('plugin new makes a plugin of that name, and touches no folder that holds something', async () => {
  const folder = join(givenFolder(), 'acme')

  const made = await gleaner('', ['plugin', 'new', 'acme', folder])
  const again = await gleaner('', ['plugin', 'new', 'other', folder])

  expect(made.code).toBe(0)
  expect(readFileSync(join(folder, 'plugin.ts'), 'utf8')).toContain("name: 'acme'")
  expect(existsSync(join(folder, 'node_modules/@gleaner/sdk/src/index.ts'))).toBe(true)
  expect(again).toMatchObject({
    code: 1,
    notices: expect.stringContaining('is not empty, and nothing was written'),
  })
})

test('plugin new refuses a name that is none', async () => {
  const ran = await gleaner('', ['plugin', 'new', '../acme'])
  expect(ran).toMatchObject({ code: 1, notices: expect.stringContaining('lowercase letters') })
})

test('the plugin that was made passes the check, against the recording that came with it', {
  retry: 2,
}, async () => {
  const folder = join(givenFolder(), 'acme')
  await gleaner('', ['plugin', 'new', 'acme', folder])
  const replay = `url=${join(folder, 'recordings/servers.json')}`
  const input = ['--replay', replay, '--secret', '{"token":"a token"}', '--messages', '0']

  const checked = await gleaner('', ['plugin', 'check', join(folder, 'plugin.ts'), ...input])

  expect(checked.out).toContain('does what a server expects of it')
  expect(checked.code).toBe(0)
})

test.each([
  ['no option', 'recordings/servers.json', /OPTION=FILE/],
  ['no file', 'url=nowhere.json', /no such file/],
  ['no recording', `url=${join(import.meta.dirname, '../../package.json')}`, /holds no recording/],
])('a replay with %s is refused', async (_, replay, reason) => {
  const ran = await gleaner('', ['plugin', 'check', 'builtin:sample', '--replay', replay])
  expect(ran).toMatchObject({ code: 2, notices: expect.stringMatching(reason) })
})

test('plugin dev shows what is found, and on a save what differs', async () => {
  const folder = join(givenFolder(), 'acme')
  await gleaner('', ['plugin', 'new', 'acme', folder])
  const module = join(folder, 'plugin.ts')
  const provider = await startRecordedProvider(join(folder, 'recordings/servers.json'))
  onTestFinished(() => provider.stop())
  const input = ['--options', JSON.stringify({ url: provider.url }), '--secret', '{"token":"a token"}']
  const stop = new AbortController()
  let shown = ''
  const save = () =>
    writeFileSync(module, readFileSync(module, 'utf8').replace('resourceId: id', "resourceId: 'x-' + id"))

  const ran = await gleaner('', ['plugin', 'dev', module, ...input], {
    signal: stop.signal,
    onNotice: (text) => {
      if (text.startsWith('Watching')) save()
    },
    onOut: (text) => {
      shown += text
      if (text.includes('+ ')) stop.abort()
    },
  })

  expect(ran.code).toBe(130)
  expect(shown).toContain('3 resources, 0 problems')
  expect(shown).toContain('Compute/Server s-1')
  expect(shown).toContain('+ Compute/Server x-s-1')
  expect(shown).toContain('- Compute/Server s-1')
})

test('a recording holds answers and neither what was sent nor secrets', async () => {
  const file = join(givenFolder(), 'deep/recording.json')
  const real = createServer((request, response) => {
    response.setHeader('set-cookie', 'session=hunter22')
    response.setHeader('content-type', 'text/plain')
    const { authorization, 'x-api-key': key } = request.headers
    response.end(`you are ${authorization ?? key}`)
  })
  await once(real.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void real.close())
  const address = real.address()
  const record = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`

  const recorder = await startRecordedProvider(file, { record, secrets: ['a "key" & more'] })
  const live = await fetch(`${recorder.url}/me?a=1`, { headers: { authorization: 'Bearer hunter22' } })
  expect(await live.text()).toBe('you are Bearer hunter22')
  const basic = Buffer.from('ann:hunter33').toString('base64')
  await fetch(`${recorder.url}/basic/hunter33`, { headers: { authorization: `Basic ${basic}` } })
  await fetch(`${recorder.url}/keyed?key=${encodeURIComponent('a "key" & more')}`)
  await fetch(`${recorder.url}/named`, { headers: { 'x-api-key': 'hunter44' } })
  await recorder.stop()

  const written = readFileSync(file, 'utf8')
  for (const secret of ['hunter', basic, '%22key', '\\"key', 'session']) expect(written).not.toContain(secret)
  const replay = await startRecordedProvider(file, { record: '', secrets: ['another key'] })
  onTestFinished(() => replay.stop())
  expect((await fetch(`${replay.url}/keyed?key=another%20key`)).status).toBe(200)
  expect(await (await fetch(`${replay.url}/me?a=1`)).text()).toBe('you are [secret]')
  expect((await fetch(`${replay.url}/other`)).status).toBe(501)
})
