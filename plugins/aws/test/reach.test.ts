import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@gleaner/sdk'
import { startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { collectAll, PLUGIN } from './support.ts'
import { type Cloud, startCloud } from './wide/emulator/cloud.ts'
import { EU, optionsFor, SECRET } from './wide/support.ts'

const TYPES = ['AWS::Glue::Job']

let cloud: Cloud
beforeAll(async () => {
  cloud = await startCloud()
  cloud.estate.put(EU, 'AWS::Glue::Job', { identifier: 'j', properties: { Name: 'j', Tags: {}, Role: 'r' } })
})
afterAll(() => cloud.stop())

/** Collects by a plugin that was started with these limits. */
async function collectedWith(
  env: NodeJS.ProcessEnv,
  options: JsonObject = {},
  secretData: JsonObject = SECRET,
) {
  const plugin = await startPlugin(PLUGIN, { env })
  onTestFinished(async () => void (await plugin.stop()))
  return collectAll(plugin, { secretData, options: optionsFor(cloud.url, TYPES, options) })
}

test('on a server for strangers AWS is read where its addresses are permitted, and nowhere else', async () => {
  const permitted = await collectedWith({ GLEANER_PLUGIN_REACH: 'public', GLEANER_PLUGIN_ALLOW: '127.0.0.1' })
  expect([permitted.error, permitted.failures, permitted.services.length]).toEqual([undefined, [], 1])
  const refused = await collectedWith({ GLEANER_PLUGIN_REACH: 'public' })
  expect([refused.error, refused.services]).toEqual([expect.stringMatching(/^ERROR_REACH: 127.0.0.1 /), []])
})

test('no endpoint leads to a metadata service, whichever service it is given for', async () => {
  for (const service of ['cloudcontrol', 'sts', 'unheard-of']) {
    const found = await collectedWith({}, { endpoints: { [service]: 'http://169.254.169.254/latest' } })
    expect([found.error, found.services]).toEqual([
      expect.stringMatching(/^ERROR_REACH: 169.254.169.254 /),
      [],
    ])
  }
})

test('profiles of the worker are not for strangers', async () => {
  const env = { GLEANER_PLUGIN_REACH: 'public', GLEANER_PLUGIN_ALLOW: '127.0.0.1' }
  const { error } = await collectedWith(env, {}, { profile: 'default' })
  expect(error).toMatch(/^ERROR_REACH: secret_data.profile belongs to the machine of the worker/)
})

test('a profile that stands for the role of the machine gets none', async () => {
  let asked = 0
  const metadata = createServer((_, response) => {
    asked++
    response.end('role')
  })
  await once(metadata.listen(0, '127.0.0.1'), 'listening')
  const address = metadata.address()
  const port = typeof address === 'object' ? address?.port : 0
  const home = await mkdtemp(join(tmpdir(), 'gleaner-home-'))
  onTestFinished(() => rm(home, { recursive: true }))
  onTestFinished(() => void metadata.close())
  mkdirSync(join(home, '.aws'))
  const endpoint = `ec2_metadata_service_endpoint = http://127.0.0.1:${port}`
  const role = 'role_arn = arn:aws:iam::111122223333:role/r\ncredential_source = Ec2InstanceMetadata'
  writeFileSync(join(home, '.aws/config'), `[default]\n${endpoint}\n[profile machine]\n${role}\n`)
  const { error } = await collectedWith({ HOME: home }, {}, { profile: 'machine' })
  expect([error, asked]).toEqual([
    expect.stringMatching(/^ERROR_AUTHENTICATE_FAILURE: profile .* metadata service$/),
    0,
  ])
})
