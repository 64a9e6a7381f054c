import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type FakeApi, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

let api: FakeApi

beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api.die())

test('domain and key come from the environment, and options win', async () => {
  const file = path.join(tmpdir(), `gleaner-key-${process.pid}`)
  writeFileSync(file, 'from-file\n')
  onTestFinished(() => rmSync(file))
  const env = { GLEANER_DOMAIN: 'domain-eeeeeeeeeeee', GLEANER_API_KEY: 'from-env' }
  await gleaner(api.url, ['collectors'], { env })
  await gleaner(api.url, ['collectors', '--api-key-file', file, '--domain', 'domain-dddddddddddd'], { env })
  const seen = api.calls.map(({ authorization, body }) => [authorization, body.domain_id])
  expect(seen).toEqual([
    ['Bearer from-env', 'domain-eeeeeeeeeeee'],
    ['Bearer from-file', 'domain-dddddddddddd'],
  ])
})

test('a key says by itself which domain it is of', async () => {
  await gleaner(api.url, ['collectors'], { env: { GLEANER_API_KEY: 'key' } })
  await gleaner(api.url, ['collectors'])
  expect(api.calls.map(({ body }) => body.domain_id)).toEqual(['', 'domain-000000000001'])
})

test('a key that cannot be read from its file is a mistake of the command line', async () => {
  const { code, notices } = await gleaner(api.url, ['collectors', '--api-key-file', '/nowhere/key'])
  expect([code, notices]).toEqual([2, expect.stringContaining('the API key cannot be read')])
})

test('a key does not follow a redirect', async () => {
  api.on('/inventory/v1/collector/list', () => ({ status: 307, text: '', location: '/elsewhere' }))
  const { code } = await gleaner(api.url, ['collectors'], { env: { GLEANER_API_KEY: 'key' } })
  expect(code).toBe(1)
  expect(api.calls).toHaveLength(1)
})

test('a password in the address is refused and not repeated', async () => {
  const { code, notices } = await gleaner('http://me:hunter2@127.0.0.1:1', ['status'])
  expect(code).toBe(2)
  expect(notices).not.toContain('hunter2')
})
