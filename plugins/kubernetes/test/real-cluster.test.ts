import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type CollectInput, collectFrom, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { startKubeApiserver } from '../../../test/support/kube-apiserver.ts'

const started = await startKubeApiserver()
if (typeof started === 'string')
  console.warn(`kubernetes was NOT tested against a real API server: ${started}`)
const cluster = typeof started === 'string' ? undefined : started
const onCluster = test.runIf(cluster !== undefined)

const NEEDLE = 'needle-of-a-secret'
const plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
afterAll(async () => {
  await plugin.stop()
  await cluster?.stop()
})

async function collected(input: CollectInput = {}) {
  const given = { server: cluster?.server ?? '', ca: cluster?.ca ?? '', token: cluster?.token ?? '' }
  const { bytes, error, resources } = await collectFrom(plugin.port, {
    ...input,
    secretData: { ...given, ...input.secretData },
  })
  const services = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  return {
    ...{ bytes, error: error?.details },
    failures: resources.filter(({ state }) => state === 5).map(({ message }) => message),
    named: (type: string, name: string) =>
      services
        .map(({ resource }) => resource)
        .find((each) => each.cloud_service_type === type && each.name === name),
    ids: (type: string) =>
      services.flatMap(({ resource }) =>
        resource.cloud_service_type === type ? [Object(resource.reference).resource_id] : [],
      ),
  }
}

async function create(path: string, body: object): Promise<void> {
  const { body: answer, status } = (await cluster?.call('POST', path, body)) ?? {}
  if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(answer)}`)
}

async function listIds(path: string): Promise<readonly string[]> {
  const { body } = (await cluster?.call('GET', path)) ?? {}
  const items: { metadata: { uid: string } }[] = Object(body).items
  return items.map(({ metadata }) => metadata.uid)
}

beforeAll(async () => {
  if (cluster === undefined) return
  await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      names: { plural: 'widgets', kind: 'Widget' },
      scope: 'Namespaced',
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  })
  await create('/api/v1/namespaces', { metadata: { name: 'shop' } })
  await create('/api/v1/nodes', { metadata: { name: 'node-1' } })
  for (let count = 0; count < 7; count++)
    await create('/api/v1/namespaces/shop/configmaps', {
      metadata: { name: `map-${count}` },
      data: { a: NEEDLE },
    })
  await create('/api/v1/namespaces/shop/secrets', {
    metadata: { name: 'db' },
    stringData: { password: NEEDLE },
  })
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'KEY', value: NEEDLE }] }] },
  }
  const spec = { selector: { matchLabels: { app: 'web' } }, template }
  await create('/apis/apps/v1/namespaces/shop/deployments', { metadata: { name: 'web' }, spec })
  const { body } = await cluster.call('GET', '/apis/apps/v1/namespaces/shop/deployments/web')
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: Object(body).metadata.uid }
  await create('/api/v1/namespaces/shop/pods', {
    metadata: { name: 'web-1', ownerReferences: [{ ...owner, controller: true }] },
    spec: { ...template.spec, nodeName: 'node-1' },
  })
  const rules = [
    { apiGroups: ['*'], resources: ['pods', 'configmaps', 'namespaces'], verbs: ['get', 'list'] },
  ]
  await create('/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name: 'some' }, rules })
  await create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'some' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'some' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
  })
  // A defined kind is served a moment after its definition is there.
  await vi.waitFor(
    async () => expect((await cluster.call('GET', '/apis/example.com/v1/widgets')).status).toBe(200),
    { timeout: 120_000, interval: 200 },
  )
  await create('/apis/example.com/v1/namespaces/shop/widgets', {
    ...{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } },
    spec: { password: NEEDLE, size: 3 },
  })
})

onCluster('a real API server is read to the last object, page by page', async () => {
  const { bytes, error, failures, ids, named } = await collected({ options: { page_size: 2 } })
  expect(error).toBeUndefined()
  expect(failures).toEqual([])
  for (const [type, path] of [
    ['ConfigMap', '/api/v1/configmaps'],
    ['Namespace', '/api/v1/namespaces'],
    ['ClusterRole', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
    ['Service', '/api/v1/services'],
    ['FlowSchema', '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas'],
  ] as const)
    expect(ids(type).toSorted(), type).toEqual((await listIds(path)).toSorted())
  expect(named('Widget', 'shop/w')).toMatchObject({
    cloud_service_group: 'example.com',
    data: { spec: { size: 3 } },
  })
  expect(named('Pod', 'shop/web-1')).toMatchObject({
    data: {
      relations: [
        { name: 'controlled_by', resource_id: ids('Deployment')[0], type: 'deployments.apps' },
        { name: 'in', type: 'namespaces' },
        { name: 'runs_on', resource_id: ids('Node')[0], type: 'nodes' },
      ],
    },
  })
  expect(named('CustomResourceDefinition', 'widgets.example.com')).toBeDefined()
  expect(bytes.includes(NEEDLE)).toBe(false)
})

onCluster('the same cluster is the same bytes', async () => {
  const [one, other] = [await collected(), await collected()]
  expect(other.bytes.equals(one.bytes)).toBe(true)
})

onCluster('a user who may list little gets that, and an error for each other kind', async () => {
  const { failures, ids } = await collected({ secretData: { token: cluster?.readerToken ?? '' } })
  expect(ids('ConfigMap').length).toBeGreaterThan(6)
  expect(ids('Pod')).toHaveLength(1)
  expect(failures.find((message) => message.includes('secrets is forbidden: User "reader"'))).toBeDefined()
  expect(failures.every((message) => message.startsWith('ERROR_ACCESS_DENIED: '))).toBe(true)
})

onCluster('a list whose state the server has forgotten begins anew', async () => {
  let expired = 0
  const relay = await givenRelay(async (url, status) => {
    if (status === 410) expired++
    const isContinued = url.pathname === '/api/v1/configmaps' && url.searchParams.has('continue')
    if (!isContinued || expired > 0) return
    await create('/api/v1/namespaces/shop/configmaps', { metadata: { name: `late-${Date.now()}` } })
    await cluster?.compact()
  })
  const { failures, ids } = await collected({ options: { page_size: 2 }, secretData: { server: relay } })
  expect(expired).toBe(1)
  expect(failures).toEqual([])
  expect(ids('ConfigMap').toSorted()).toEqual((await listIds('/api/v1/configmaps')).toSorted())
})

/**
 * Passes requests on to the cluster; `touch` is called before each without a status, and after it with that
 * of its answer.
 */
async function givenRelay(touch: (url: URL, status?: number) => Promise<void>): Promise<string> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', cluster?.server)
    await touch(url)
    const { accept = '', authorization = '' } = request.headers
    const answer = await cluster?.call('GET', request.url ?? '/', undefined, { accept, authorization })
    await touch(url, answer?.status)
    response.writeHead(answer?.status ?? 502, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer?.body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}
