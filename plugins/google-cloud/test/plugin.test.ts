import { join } from 'node:path'
import type { JsonObject } from '@gleaner/sdk'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { verifyProblem } from '../../../test/support/verify-problem.ts'
import { ASSETS, FOLDER, NEEDLES, ORGANIZATION, PROJECTS } from './estate.ts'
import { denied, errorBody, refused, startInventory } from './inventory.ts'

let plugin: PluginProcess
let cloud: Awaited<ReturnType<typeof startInventory>>

beforeAll(async () => {
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
afterAll(() => plugin.stop())
beforeEach(async () => {
  cloud = await startInventory(PROJECTS, ASSETS)
  onTestFinished(cloud.stop)
})

async function collected(input: CollectInput = {}) {
  const { bytes, error, resources } = await collectFrom(plugin.port, {
    ...input,
    options: { endpoint: cloud.url, ...input.options },
    secretData: input.secretData ?? cloud.key,
  })
  const services = resources
    .filter(({ resourceType }) => resourceType === 'inventory.CloudService')
    .map(({ resource }) => resource)
  const failures = resources
    .filter(({ state }) => state === 5)
    .map(({ message, resource }) => [resource.account, message])
  const kinds = services.map(({ cloud_service_group: group, cloud_service_type: type }) => `${group}/${type}`)
  const types = resources
    .filter(({ resourceType }) => resourceType === 'inventory.CloudServiceType')
    .map(({ resource }) => `${resource.group}/${resource.name}`)
  const regions = resources
    .filter(({ resourceType }) => resourceType === 'inventory.Region')
    .map(({ resource }) => resource.region_code)
  return { bytes, error: error?.details, services, failures, kinds, types, regions }
}

const TEST_PROJECT = { taskOptions: { projects: ['shop-test'] } }

test('all assets of the key’s project are found, page by page, each kind and region sent once', async () => {
  const { error, failures, kinds, regions, services, types } = await collected({ options: { page_size: 4 } })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(kinds.toSorted()).toEqual([
    'CloudBuild/BuildTrigger',
    'CloudFunctions/CloudFunction',
    'CloudRun/Service',
    'CloudSQL/Instance',
    'CloudScheduler/Job',
    'CloudStorage/Bucket',
    'ComputeEngine/Disk',
    'ComputeEngine/Instance',
    'Networking/VPNTunnel',
    'PubSub/Subscription',
    'ResourceManager/Project',
    'netapp/StoragePool',
  ])
  expect(types.toSorted()).toEqual(kinds.toSorted())
  expect(regions.toSorted()).toEqual(['eu', 'europe-west1', 'europe-west3', 'global'])
  expect(new Set(services.map(({ account, provider }) => `${provider} ${account}`))).toEqual(
    new Set(['google_cloud shop-prod']),
  )
  expect(cloud.state.asked).toEqual([1, 2, 3, 4].map((page) => `projects/shop-prod page ${page}`))
})

test('nothing that lets somebody in leaves the plugin, and the switches beside it do', async () => {
  const { bytes, services } = await collected()
  for (const needle of NEEDLES) expect(bytes.includes(needle), needle).toBe(false)
  const vm = services.find(({ name }) => name === 'web-1')
  expect(vm).toMatchObject({
    data: {
      metadata: { items: [{ key: 'startup-script', value: '(sensitive)' }, {}, {}, { value: 'TRUE' }] },
    },
  })
})

test('two runs of the same assets have the same bytes, whatever only counts has become', async () => {
  const before = await collected()
  cloud.state.assets = cloud.state.assets.map((asset) =>
    asset.assetType === 'storage.googleapis.com/Bucket'
      ? {
          ...asset,
          resource: { ...asset.resource, data: { ...asset.resource?.data, metageneration: '8', etag: 'x' } },
        }
      : asset,
  )
  expect((await collected()).bytes.equals(before.bytes)).toBe(true)
})

test('a person’s credential is taken as well, and the project that pays is named', async () => {
  const options = { parents: ['projects/shop-test'], quota_project: 'billing' }
  const { error, services } = await collected({ options, secretData: cloud.person })
  expect(error).toBeUndefined()
  expect(services).toHaveLength(4)
  expect(cloud.state.grants).toEqual(['refresh_token'])
  expect(new Set(cloud.state.quotaProjects)).toEqual(new Set(['billing']))
})

test('a token that is not taken any more is replaced in the middle of a list', async () => {
  cloud.state.onPage = () => {
    if (cloud.state.asked.length === 2) cloud.state.tokens.clear()
  }
  const { error, failures, services } = await collected({ options: { page_size: 4 } })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(services).toHaveLength(12)
  expect(cloud.state.grants).toHaveLength(2)
})

test('a credential that is refused fails the call, and is not quoted', async () => {
  const wrong = { ...cloud.person, refresh_token: '1//revoked-token-0815' }
  const { error } = await collected({ secretData: wrong, options: { parents: ['projects/shop-test'] } })
  expect(error).toMatch(/^ERROR_AUTHENTICATE_FAILURE: .*invalid_grant: Token has been expired or revoked/)
  expect(error).not.toContain('0815')
})

test('a key that is none is said, and not quoted', async () => {
  const { error } = await collected({ secretData: { ...cloud.key, private_key: 'no-key-0815' } })
  expect(error).toMatch(/^ERROR_INVALID_PARAMETER: .*private_key is no private key in PEM/)
  expect(error).not.toContain('0815')
  const { error: lacking } = await collected({ secretData: { project_id: 'shop-prod' } })
  expect(lacking).toMatch(/client_email is missing.*private_key is missing/)
})

test.each([
  [
    'denied',
    () => denied('projects/shop-test'),
    /^ERROR_ACCESS_DENIED: the permission 'cloudasset.assets.listResource' is missing on projects\/shop-test/,
  ],
  [
    'closed by an API that is off',
    () => refused('projects/shop-test', 'SERVICE_DISABLED'),
    /^ERROR_SERVICE_DISABLED: .*not enabled in projects\/100/,
  ],
  [
    'closed by a project that may not be made to pay',
    () => refused('projects/shop-test', 'USER_PROJECT_DENIED'),
    /^ERROR_ACCESS_DENIED: .*may not have projects\/100 pay for its calls/,
  ],
  [
    'kept back by a service perimeter',
    () => refused('projects/shop-test', 'SECURITY_POLICY_VIOLATED'),
    /^ERROR_ACCESS_DENIED: a service perimeter keeps the calls from projects\/shop-test/,
  ],
  [
    'not there',
    () => ({ parent: 'projects/shop-test', status: 404, body: errorBody(404, 'NOT_FOUND', 'gone') }),
    /^ERROR_NOT_FOUND/,
  ],
  ['failing', () => ({ parent: 'projects/shop-test', page: 2, status: 503 }), /^ERROR_PROVIDER/],
  ['cut off', () => ({ parent: 'projects/shop-test', page: 2, body: '{"assets": [{"na' }), /^ERROR_ANSWER/],
  ['of something else', () => ({ parent: 'projects/shop-test', page: 2, body: '{}' }), /^ERROR_ANSWER/],
  [
    'of an expired page',
    () => ({
      parent: 'projects/shop-test',
      page: 2,
      status: 400,
      body: errorBody(400, 'INVALID_ARGUMENT', 'Page token expired.'),
    }),
    /^ERROR_LIST_EXPIRED/,
  ],
])('a list that is %s is one error that names its project', async (_, fault, message) => {
  cloud.state.faults.push(fault())
  const options = { page_size: 2 }
  const { error, failures } = await collected({ ...TEST_PROJECT, options })
  expect(error).toBeUndefined()
  expect(failures).toEqual([['shop-test', expect.stringMatching(message)]])
})

test('what passes is asked again: too many calls, a server that fails or is silent, an answer that came broken', async () => {
  cloud.state.faults.push(
    { parent: 'projects/shop-test', page: 1, times: 1, status: 429, headers: { 'retry-after': '0' } },
    { parent: 'projects/shop-test', page: 1, times: 1, body: '{"assets": [{"na' },
    { parent: 'projects/shop-test', page: 2, times: 1, status: 500 },
    { parent: 'projects/shop-test', page: 2, times: 1, hangs: true },
  )
  const options = { page_size: 2, request_timeout_seconds: 1 }
  const { error, failures, services } = await collected({ ...TEST_PROJECT, options })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(services).toHaveLength(4)
})

test('pages of several instants prove nothing', async () => {
  cloud.state.isUnsteady = true
  const { failures } = await collected({ ...TEST_PROJECT, options: { page_size: 2 } })
  expect(failures).toEqual([['shop-test', expect.stringMatching(/^ERROR_LIST_CHANGED: .*of two instants/)]])
})

test('of an organization its folders and all projects are told, and not what lies in these', async () => {
  const { kinds, services } = await collected({ taskOptions: { container: ORGANIZATION } })
  expect(services.map(({ account, name }) => [account, name]).toSorted()).toEqual([
    [ORGANIZATION, 'Shops'],
    [ORGANIZATION, 'shop.example'],
    ['shop-gone', 'Old shop'],
    ['shop-prod', 'Shop'],
    ['shop-test', 'Shop test'],
  ])
  expect(new Set(kinds)).toEqual(
    new Set(['ResourceManager/Folder', 'ResourceManager/Organization', 'ResourceManager/Project']),
  )
})

test('an organization that may not be read names nothing, since nobody knows its projects', async () => {
  cloud.state.faults.push(denied(ORGANIZATION))
  const { failures } = await collected({ taskOptions: { container: ORGANIZATION } })
  expect(failures).toEqual([[undefined, expect.stringContaining('ERROR_ACCESS_DENIED')]])
})

test('asset types are chosen by the API, and left out by their names', async () => {
  const chosen = await collected({ options: { asset_types: ['compute.googleapis.com/(Instance|Disk)'] } })
  expect(chosen.kinds).toEqual(['ComputeEngine/Instance', 'ComputeEngine/Disk'])
  const { kinds } = await collected({ options: { exclude: ['*.googleapis.com/*'] } })
  expect(kinds).toEqual(['k8s.io/Pod'])
})

test('verify says all that may not be listed, and what options cannot mean', async () => {
  const problem = (options: JsonObject) =>
    verifyProblem(plugin.port, { options: { endpoint: cloud.url, ...options }, secretData: cloud.key })
  expect(await problem({ parents: [ORGANIZATION, 'projects/shop-test'] })).toBeUndefined()
  cloud.state.faults.push(denied(FOLDER), denied('projects/shop-test'))
  expect(await problem({ parents: [FOLDER, ORGANIZATION, 'projects/shop-test'] })).toMatch(
    /ERROR_PERMISSIONS_MISSING: .* on folders\/501 .*; .* on projects\/shop-test/,
  )
  expect(await problem({ parents: ['shop-test', 'folders/x'] })).toMatch(
    /'shop-test' must be.*'folders\/x' must be/,
  )
  expect(await problem({ endpoint: 'ftp://x' })).toContain('options.endpoint must be an address')
})
