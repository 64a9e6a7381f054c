import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { JsonObject } from '@gleaner/sdk'
import { startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PluginClient } from '../../../../test/support/plugin-client.ts'
import { ACCOUNT, PLUGIN, SECRET } from '../support.ts'

let plugin: Awaited<ReturnType<typeof startPlugin>>
let client: PluginClient
let closed: Server
let AT_HOME: JsonObject
beforeAll(async () => {
  plugin = await startPlugin(PLUGIN)
  closed = createServer((_, answer) => answer.writeHead(403).end(REFUSAL)).listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const endpoint = `http://127.0.0.1:${Object(closed.address()).port}`
  AT_HOME = { endpoint, regions: ['eu-central-1', 'global'], services: ['ec2', 'sns'] }
  client = new PluginClient(plugin.port)
})
afterAll(async () => {
  client.close()
  await plugin.stop()
  closed.close()
})

/** What AWS answers to a key that it does not know. */
const REFUSAL =
  '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>It is not known.</Message></Error></ErrorResponse>'

const planOf = (options: Parameters<PluginClient['plan']>[0]) =>
  client.plan({ secretData: SECRET, ...options })

test('who cannot be asked yet is planned all the same, with what is assumed', async () => {
  const { apis, notes, policies } = await planOf({ options: AT_HOME })
  expect(apis.map(({ api, calls }) => [api, calls])).toEqual([
    ['sts', 1],
    ['ec2', 1 + 7],
    ['sns', 1],
  ])
  expect(policies).toHaveLength(1)
  expect(notes[0]).toMatch(
    /could not be asked for its regions, so the chosen ones are assumed: .*AWS does not accept these credentials/,
  )
  expect(notes[1]).toContain('Nothing was collected before')
  expect(JSON.stringify(notes)).not.toContain(SECRET.aws_secret_access_key)
})

test('what is known makes pages and details, and a time is always shown, with how it was reckoned', async () => {
  const cell = { account: '', regionCode: 'eu-central-1' }
  const known = [
    { ...cell, group: 'EC2', type: 'Instance', resources: 20_000 },
    { ...cell, group: 'SNS', type: 'Topic', resources: 250 },
  ]
  const { apis, notes, seconds } = await planOf({ options: AT_HOME, known })
  expect(apis.map(({ api, calls }) => [api, calls])).toEqual([
    ['sts', 1],
    ['ec2', 1 + 6 + 200],
    ['sns', 3 + 500],
  ])
  expect(apis.map(({ basis, seconds: own }) => [basis, Number(own.toFixed(2))])).toEqual([
    ['assumed', 0.2],
    // 100 at once, and then 20 a second.
    ['declared', (6 + 200 - 100) / 20],
    // Eight lists at once, each answer in 200 ms.
    ['assumed', 12.6],
  ])
  expect(seconds).toBeCloseTo(((1 + 207 + 503) * 0.2) / 8)
  expect(notes.join()).toContain('each answer counts as 200 ms')
})

test('what earlier runs measured goes before what is assumed, and what they learnt before what is declared', async () => {
  const measured = [
    { api: 'ec2', calls: 100, answerSeconds: 20, busySeconds: 5, rate: 0.5, burst: 2 },
    { api: 'sns', calls: 10, answerSeconds: 8, busySeconds: 2, rate: 0, burst: 0 },
  ]
  const { apis, notes, seconds } = await planOf({ options: AT_HOME, measured })
  expect(apis.map(({ basis, seconds: own }) => [basis, Number(own.toFixed(2))])).toEqual([
    ['assumed', 0.2],
    ['learnt', (7 - 2) / 0.5],
    ['measured', 0.2],
  ])
  expect(seconds).toBeCloseTo(10)
  expect(notes.join()).toContain('in the last runs')
})

test('the wide path is planned type by type, and what it does not know is said', async () => {
  const options = { ...AT_HOME, services: ['cloudcontrol'], wide_types: ['AWS::Glue::*'] }
  const known = [{ group: 'Glue', type: 'Job', account: '', regionCode: 'eu-central-1', resources: 250 }]
  const { apis, notes } = await planOf({ options, known })
  const cloudControl = apis.find(({ api }) => api === 'cloudcontrol')
  const empty = (await planOf({ options })).apis.find(({ api }) => api === 'cloudcontrol')
  expect((cloudControl?.calls ?? 0) - (empty?.calls ?? 0)).toBe(2 + 250)
  expect(cloudControl?.permissions).toEqual(
    expect.arrayContaining(['cloudformation:ListResources', 'glue:ListJobs']),
  )
  expect(apis.map(({ api }) => api)).toEqual(expect.arrayContaining(['cloudformation', 'tagging']))
  expect(notes.join()).toContain('this version does not know')
})

test('accounts are planned each, with the roles that open them', async () => {
  const options = { ...AT_HOME, accounts: [ACCOUNT, '111122223333'], account_role: 'Reader' }
  const { apis, policies } = await planOf({ options })
  expect(apis.find(({ api }) => api === 'sns')?.calls).toBe(2)
  expect(JSON.stringify(policies)).toContain('arn:aws:iam::111122223333:role/Reader')
})

test('a secret that cannot be one is refused, not assumed', async () => {
  await expect(planOf({ options: AT_HOME, secretData: {} })).rejects.toThrow('ERROR_INVALID_PARAMETER')
})
