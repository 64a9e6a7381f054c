import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CREDENTIAL, errorBody, startAzure } from '../../plugins/azure/test/azure.ts'
import * as azureEstate from '../../plugins/azure/test/estate.ts'
import * as googleEstate from '../../plugins/google-cloud/test/estate.ts'
import { denied, startInventory } from '../../plugins/google-cloud/test/inventory.ts'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'

const DOMAIN = 'domain-000000000001'
const { ASSETS, assetOf, ORGANIZATION, PROJECTS } = googleEstate
const { DEV, PROD, RESOURCES, resourceOf, TEST } = azureEstate

type Entry = Readonly<Record<string, unknown>>

const google = await startInventory(PROJECTS, ASSETS)
afterAll(google.stop)
const azure = await startAzure([PROD, TEST, DEV], RESOURCES)
afterAll(azure.stop)

let server: TestApp
beforeAll(async () => {
  server = await startTestApp({
    args: ['--coverage-min-receipt-spacing', '0'],
    given: async ({ db }) => {
      await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })
    },
  })
})
afterAll(() => server.stop())

async function call(path: string, body: object): Promise<Entry> {
  const answer = await fetch(`${server.url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ domain_id: DOMAIN, ...body }),
  })
  const json: unknown = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(json)}`)
  return Object(json)
}

async function givenCollector(name: string, plugin: string, data: object, options: object): Promise<string> {
  const { secret_id } = await call('secret/v1/secret/create', { name, data })
  const plugin_info = { plugin_id: plugin, secret_id, options }
  return String((await call('inventory/v1/collector/create', { name, plugin_info })).collector_id)
}

/** Collects so often, each time to the end, and says how the last time ended. */
async function collect(collector_id: string, times = 1): Promise<unknown> {
  const { job_id } = await call('inventory/v1/collector/collect', { collector_id })
  let job = await call('inventory/v1/job/get', { job_id })
  while (job.status === 'CREATED' || job.status === 'IN_PROGRESS') {
    await new Promise((resolve) => setTimeout(resolve, 50))
    job = await call('inventory/v1/job/get', { job_id })
  }
  return times > 1 ? collect(collector_id, times - 1) : job.status
}

/** Names of the machines that are there, after their accounts. */
async function machines(provider: string): Promise<readonly string[]> {
  const filter = [
    { k: 'provider', v: provider, o: 'eq' },
    { k: 'cloud_service_type', v: 'Instance', o: 'eq' },
    { k: 'cloud_service_group', v: ['ComputeEngine', 'VirtualMachines'], o: 'in' },
  ]
  const { results } = await call('inventory/v1/cloud-service/list', { query: { filter } })
  return entriesOf(results)
    .map(({ account, name }) => `${account} ${name}`)
    .sort()
}

/** States of the cells of an account, and whether a text stands in what is said about each. */
async function coverageOf(account: string, text: string) {
  const { results } = await call('gleaner/v1/coverage/list', {})
  const cells = entriesOf(results).filter((entry) => JSON.stringify(entry).includes(`"${account}"`))
  return {
    states: [...new Set(cells.map(({ state }) => String(state)))],
    says: cells.length > 0 && cells.every((entry) => JSON.stringify(entry).includes(text)),
  }
}

function entriesOf(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value : []
}

describe('a server that collects an organization of Google Cloud', () => {
  const vm = (project: string, name: string) =>
    assetOf(
      project,
      'compute.googleapis.com/Instance',
      `compute.googleapis.com/projects/${project}/zones/europe-west3-a/instances/${name}`,
      { location: 'europe-west3-a', data: { name } },
    )
  const remove = (name: string) => {
    google.state.assets = google.state.assets.filter((asset) => !asset.name.endsWith(`/instances/${name}`))
  }

  test('deletes what has gone, and nothing of a project that may not be read', async () => {
    google.state.assets.push(vm('shop-prod', 'web-2'))
    const options = { endpoint: google.url, parents: [ORGANIZATION], page_size: 3 }
    const collector = await givenCollector('Google', 'plugin-google-cloud', google.key, options)
    const all = ['shop-prod web-1', 'shop-prod web-2', 'shop-test a', 'shop-test b', 'shop-test c']
    expect([await collect(collector), await machines('google_cloud')]).toEqual(['SUCCESS', all])

    remove('web-2')
    remove('a')
    google.state.faults.push(denied('projects/shop-test'))
    expect([await collect(collector, 2), await machines('google_cloud')]).toEqual(['ERROR', all])
    expect([await collect(collector), await machines('google_cloud')]).toEqual([
      'ERROR',
      all.filter((name) => name !== 'shop-prod web-2'),
    ])
    expect(await coverageOf('shop-test', 'cloudasset.assets.listResource')).toEqual({
      states: ['partial'],
      says: true,
    })

    google.state.faults = []
    await collect(collector, 3)
    expect(await machines('google_cloud')).toEqual(['shop-prod web-1', 'shop-test b', 'shop-test c'])
  })

  test('takes nothing for gone when the list of projects cannot be read', async () => {
    const before = await machines('google_cloud')
    const [collector] = entriesOf((await call('inventory/v1/collector/list', {})).results)
    remove('b')
    google.state.faults.push(denied(ORGANIZATION))
    expect(await collect(String(collector?.collector_id), 4)).toBe('ERROR')
    expect(await machines('google_cloud')).toEqual(before)
  })
})

describe('a server that collects all subscriptions of Azure', () => {
  const put = (id: string, name: string) => {
    const machine = resourceOf(id, 'Microsoft.Compute/virtualMachines', name)
    azure.state.resources.push(machine)
    azure.state.index.push(machine)
  }
  const without = (name: string) => azure.state.index.filter((each) => !each.id.endsWith(`/${name}`))

  test('deletes what has gone, and nothing that the index has lost, a role hides or nobody sees any more', async () => {
    put(PROD, 'web-2')
    put(PROD, 'web-3')
    const options = { management_endpoint: azure.url, login_endpoint: azure.url, page_size: 3 }
    const collector = await givenCollector('Azure', 'plugin-azure', CREDENTIAL, options)
    const all = [
      ...['web-1', 'web-2', 'web-3'].map((name) => `${PROD} ${name}`),
      ...['a', 'b', 'c', 'd', 'e'].map((name) => `${TEST} ${name}`),
    ]
    expect([await collect(collector), await machines('azure')]).toEqual(['SUCCESS', all])

    // One machine is gone, one the index alone has lost, and a role opens only a part of another
    // subscription.
    azure.state.index = without('web-2')
    azure.state.resources = [...azure.state.index]
    azure.state.index = without('a')
    azure.state.faults.push({ at: '/permissions', of: TEST, body: { value: [] } })
    expect([await collect(collector, 3), await machines('azure')]).toEqual([
      'ERROR',
      all.filter((name) => name !== `${PROD} web-2`),
    ])
    expect(await coverageOf(TEST, 'do not open all of it')).toEqual({ states: ['partial'], says: true })

    azure.state.faults = []
    azure.state.subscriptions = [PROD, TEST]
    expect(await collect(collector, 3)).toBe('ERROR')
    expect(await machines('azure')).toContain(`${TEST} a`)
    expect(await coverageOf(TEST, 'ERROR_INDEX_BEHIND')).toMatchObject({
      states: expect.arrayContaining(['partial']),
    })
    expect(await coverageOf(DEV, 'ERROR_SUBSCRIPTION_UNSEEN')).toEqual({ states: ['partial'], says: true })
  })

  test('answers that Resource Graph gives with good grace and without rows delete nothing', async () => {
    const [collector] = entriesOf((await call('inventory/v1/collector/list', { name: 'Azure' })).results)
    const before = await machines('azure')
    azure.state.faults.push(
      { at: 'graph', of: TEST, body: { totalRecords: 0, count: 0, data: [], resultTruncated: 'false' } },
      { at: 'graph', of: PROD, status: 403, body: errorBody('AuthorizationFailed', 'no role') },
    )
    expect(await collect(String(collector?.collector_id), 4)).toBe('ERROR')
    expect(await machines('azure')).toEqual(before)
  })
})
