import { join } from 'node:path'
import type { JsonObject } from '@gleaner/sdk'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { verifyProblem } from '../../../test/support/verify-problem.ts'
import { CREDENTIAL, errorBody, startAzure } from './azure.ts'
import { DEV, NEEDLES, PROD, RESOURCES, resourceOf, TEST } from './estate.ts'

let plugin: PluginProcess
let azure: Awaited<ReturnType<typeof startAzure>>

beforeAll(async () => {
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
afterAll(() => plugin.stop())
beforeEach(async () => {
  azure = await startAzure([PROD, TEST, DEV], RESOURCES)
  onTestFinished(azure.stop)
})

async function collected(input: CollectInput = {}) {
  const { bytes, error, resources } = await collectFrom(plugin.port, {
    ...input,
    options: { management_endpoint: azure.url, login_endpoint: azure.url, ...input.options },
    secretData: { ...CREDENTIAL, ...input.secretData },
  })
  const services = resources
    .filter(({ resourceType }) => resourceType === 'inventory.CloudService')
    .map(({ resource }) => resource)
  const failures = resources
    .filter(({ state }) => state === 5)
    .map(({ message, resource }) => [resource.account, resource.cloud_service_type, message])
  const kinds = services.map(({ cloud_service_group: group, cloud_service_type: type }) => `${group}/${type}`)
  const regions = resources
    .filter(({ resourceType }) => resourceType === 'inventory.Region')
    .map(({ resource }) => resource.region_code)
  return { bytes, error: error?.details, services, failures, kinds, regions }
}

const onlyTest = (options: JsonObject = {}) =>
  collected({ options: { subscriptions: [TEST.toUpperCase()], ...options } })

test('all resources, groups and the subscription itself are found, page by page', async () => {
  const { error, failures, kinds, regions, services } = await collected({
    options: { page_size: 5 },
    secretData: { subscription_id: PROD },
  })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(kinds.toSorted()).toEqual([
    'AppServices/App',
    'ApplicationInsights/Component',
    'ContainerApps/App',
    'ContainerInstances/Container',
    'DNSZones/Zone',
    'Disks/Disk',
    'Netapp/netappaccounts',
    'NetworkInterfaces/Interface',
    'PublicIPAddresses/IPAddress',
    'ResourceGroups/ResourceGroup',
    'SQLDatabases/Database',
    'StorageAccounts/Instance',
    'Subscriptions/Subscription',
    'VirtualMachines/Extension',
    'VirtualMachines/Instance',
  ])
  expect(new Set(services.map(({ account }) => account))).toEqual(new Set([PROD]))
  expect(regions.toSorted()).toEqual(['germanywestcentral', 'global', 'westeurope'])
  expect(azure.state.scopes).toEqual(['https://management.azure.com/.default'])
})

test('nothing that lets somebody in leaves the plugin', async () => {
  const { bytes, services } = await collected({ secretData: { subscription_id: PROD } })
  for (const needle of NEEDLES) expect(bytes.includes(needle), needle).toBe(false)
  const settings = services.find(({ name }) => name === 'api')
  expect(JSON.stringify(settings)).toContain('@Microsoft.KeyVault(')
})

test('two runs of the same resources have the same bytes, in whatever case ids come and whenever something was backed up', async () => {
  const before = await collected({ secretData: { subscription_id: PROD } })
  azure.state.index = azure.state.index.map((row) => ({
    ...row,
    id: row.id.replace('resourceGroups/Shop', 'resourcegroups/SHOP'),
    ...(row.name === 'orders'
      ? { properties: { ...Object(row.properties), earliestRestoreDate: '2026-04-25' } }
      : {}),
  }))
  const ids = ({ services }: typeof before) =>
    services.map(({ data, reference }) => [Object(reference).resource_id, data])
  expect(ids(await collected({ secretData: { subscription_id: PROD } }))).toEqual(ids(before))
})

test('without a choice every subscription that the credential sees is collected', async () => {
  const { services } = await collected()
  expect(new Set(services.map(({ account }) => account))).toEqual(new Set([PROD, TEST, DEV]))
})

test('a token that is not taken any more is replaced in the middle of a list', async () => {
  azure.state.onPage = () => {
    if (azure.state.asked.length === 4) azure.state.tokens.clear()
  }
  const { error, failures, services } = await onlyTest({ page_size: 2 })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(services).toHaveLength(7)
  expect(azure.state.scopes).toHaveLength(2)
})

test('a credential that is refused fails the call, in the words of Entra ID, and is not quoted', async () => {
  const { error } = await collected({ secretData: { client_secret: 'wrong~secret-0815' } })
  expect(error).toMatch(/^ERROR_AUTHENTICATE_FAILURE: .*AADSTS7000215: Invalid client secret provided\.\)$/)
  expect(error).not.toContain('0815')
})

test.each([
  [
    'denied',
    { at: `subscriptions/${TEST}`, status: 403, body: errorBody('AuthorizationFailed', 'no role') },
    /^ERROR_ACCESS_DENIED: .*AuthorizationFailed/,
  ],
  [
    'unknown',
    { at: `subscriptions/${TEST}`, status: 404, body: errorBody('SubscriptionNotFound', 'x') },
    /^ERROR_NOT_FOUND/,
  ],
  [
    'denied by Resource Graph',
    { at: 'graph', status: 403, body: errorBody('AuthorizationFailed', 'no role') },
    /^ERROR_ACCESS_DENIED/,
  ],
  [
    'refused in the middle',
    { at: 'graph', page: 2, status: 400, body: errorBody('BadRequest', 'The skip token is invalid') },
    /^ERROR_PROVIDER_REQUEST: .*skip token/,
  ],
  ['failing', { at: 'graph', page: 2, status: 503 }, /^ERROR_PROVIDER/],
  ['cut off', { at: 'graph', page: 2, body: '{"data": [{"id' }, /^ERROR_ANSWER/],
  ['of something else', { at: 'graph', page: 2, body: {} }, /^ERROR_ANSWER/],
  [
    'truncated',
    { at: 'graph', body: { totalRecords: 9, count: 0, data: [], resultTruncated: 'true' } },
    /^ERROR_LIST_TRUNCATED/,
  ],
  [
    'silently empty',
    { at: 'graph', body: { totalRecords: 0, count: 0, data: [], resultTruncated: 'false' } },
    /^ERROR_SUBSCRIPTION_UNSEEN/,
  ],
  [
    'not compared',
    { at: '/resources', status: 403, body: errorBody('AuthorizationFailed', 'no role') },
    /^ERROR_ACCESS_DENIED/,
  ],
])('a list that is %s is one error that names its subscription', async (_, fault, message) => {
  azure.state.faults.push(fault)
  const { error, failures } = await onlyTest({ page_size: 2 })
  expect(error).toBeUndefined()
  expect(failures).toEqual([[TEST, '', expect.stringMatching(message)]])
})

test('what passes is asked again: too many queries, a server that fails or is silent, an answer that came broken', async () => {
  azure.state.faults.push(
    { at: 'graph', page: 1, times: 1, status: 429, headers: { 'retry-after': '0' } },
    { at: 'graph', page: 2, times: 1, body: '{"data": [{"id' },
    { at: 'graph', page: 3, times: 1, status: 500 },
    { at: '/resources', times: 1, hangs: true },
  )
  const { error, failures, services } = await onlyTest({ page_size: 2, request_timeout_seconds: 1 })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(services).toHaveLength(7)
})

test('a list that changes between two pages is read once more, and proves nothing when it changes again', async () => {
  const gone = azure.state.index.filter(({ name }) => name === 'a')
  const change = (times: number) => {
    let left = times
    azure.state.onPage = () => {
      if (!azure.state.asked.at(-1)?.startsWith(`resources of ${TEST} page 1`) || left-- <= 0) return
      const [first] = azure.state.index.filter(({ id }) =>
        id.includes(`${TEST}/resourceGroups/Shop/providers`),
      )
      azure.state.index = azure.state.index.filter((each) => each !== first)
    }
  }
  change(1)
  const once = await onlyTest({ page_size: 2, check_index: false })
  expect(once.failures).toEqual([])
  expect(new Set(once.services.map(({ name }) => name)).size).toBe(2 + 5)
  azure.state.index.push(...gone)
  change(2)
  const twice = await onlyTest({ page_size: 2, check_index: false })
  expect(twice.failures).toEqual([[TEST, '', expect.stringMatching(/^ERROR_LIST_CHANGED: .*changed twice/)]])
})

test('a list that has all its rows is complete, whatever the mark of truncated ones says', async () => {
  const row = { id: `/subscriptions/${TEST}`, type: 'microsoft.resources/subscriptions' }
  azure.state.resources = []
  azure.state.faults.push({
    at: 'graph',
    body: { totalRecords: 1, count: 1, data: [row], resultTruncated: 'true' },
  })
  expect((await onlyTest()).failures).toEqual([])
})

test('a role that opens only a part is told, since the rest would look as if it had gone', async () => {
  for (const permissions of [
    [],
    [{ actions: ['Microsoft.Compute/*/read'] }],
    [{ actions: ['*'], notActions: ['Microsoft.Sql/*/read'] }],
  ]) {
    azure.state.permissions = permissions
    const { failures } = await onlyTest()
    expect(failures).toEqual([
      [TEST, '', expect.stringMatching(/^ERROR_ACCESS_DENIED: .*do not open all of it/)],
    ])
  }
  azure.state.permissions = [{ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] }]
  expect((await onlyTest()).failures).toEqual([])
})

test('a role that is taken away while a list is read proves nothing of it', async () => {
  azure.state.onPage = () => {
    if (azure.state.asked.at(-1) === `resources of ${TEST} page 1`) azure.state.permissions = []
  }
  const { failures } = await onlyTest({ check_index: false })
  expect(failures).toEqual([[TEST, '', expect.stringMatching(/^ERROR_ACCESS_DENIED: .*do not open all/)]])
})

test('permissions that cannot be asked for are no proof of anything', async () => {
  azure.state.faults.push({ at: 'permissions', status: 404, body: errorBody('InvalidResourceType', 'x') })
  expect((await onlyTest()).failures).toEqual([])
})

test('a kind of which the index has lost something is told by name, and what is too young to be there is not', async () => {
  const [lost, ...others] = azure.state.index.filter(({ id }) =>
    id.includes(`${TEST}/resourceGroups/Shop/providers`),
  )
  azure.state.index = azure.state.index.filter((each) => each !== lost)
  const young = {
    ...resourceOf(TEST, 'Microsoft.Compute/virtualMachines', 'new'),
    createdTime: new Date().toISOString(),
  }
  azure.state.resources.push(young, resourceOf(TEST, 'Microsoft.Compute/galleries', 'never-indexed'))
  const { failures } = await onlyTest()
  expect(others).toHaveLength(4)
  expect(failures).toEqual([
    [TEST, 'Instance', expect.stringMatching(/^ERROR_INDEX_BEHIND: Resource Manager has 1 of these .*\/a$/)],
  ])
})

test('a next page that leads elsewhere gets no token', async () => {
  azure.state.faults.push({
    at: `/subscriptions/${TEST}/resources`,
    body: { value: [], nextLink: 'http://127.0.0.1:1/steal' },
  })
  const { failures } = await onlyTest()
  expect(failures).toEqual([
    [TEST, '', expect.stringMatching(/^ERROR_PAGING: the next page is at http:\/\/127\.0\.0\.1:1/)],
  ])
})

test('resource types are left out by their names', async () => {
  const { kinds } = await onlyTest({ exclude: ['Microsoft.Compute/*'] })
  expect(kinds.toSorted()).toEqual(['ResourceGroups/ResourceGroup', 'Subscriptions/Subscription'])
})

test('verify says all that may not be read', async () => {
  const problem = (options: JsonObject) =>
    verifyProblem(plugin.port, {
      options: { management_endpoint: azure.url, login_endpoint: azure.url, ...options },
      secretData: CREDENTIAL,
    })
  expect(await problem({})).toBeUndefined()
  azure.state.faults.push({
    at: `/subscriptions/${DEV}`,
    status: 403,
    body: errorBody('AuthorizationFailed', 'no role'),
  })
  const missing = await problem({ subscriptions: [PROD, DEV, 'dddddddd-0000-0000-0000-000000000004'] })
  expect(missing).toMatch(
    /ERROR_PERMISSIONS_MISSING: cccccccc.*AuthorizationFailed.*; dddddddd.*SubscriptionNotFound/,
  )
  azure.state.subscriptions = []
  expect(await problem({})).toContain('the credential sees no subscription')
  expect(await problem({ login_endpoint: 'ftp://x' })).toContain('options.login_endpoint must be an address')
})
