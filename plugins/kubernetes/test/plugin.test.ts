import { join } from 'node:path'
import type { JsonObject } from '@gleaner/sdk'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { verifyProblem } from '../../../test/support/verify-problem.ts'
import { startCluster, TOKEN } from './cluster.ts'
import { NEEDLES, OBJECTS } from './objects.ts'

let plugin: PluginProcess
let cluster: Awaited<ReturnType<typeof startCluster>>

beforeAll(async () => {
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
afterAll(() => plugin.stop())
beforeEach(async () => {
  cluster = await startCluster(OBJECTS)
  onTestFinished(cluster.stop)
})

async function collected(input: CollectInput = {}) {
  const secretData = { server: cluster.server, token: TOKEN, ...input.secretData }
  const { bytes, error, resources } = await collectFrom(plugin.port, { ...input, secretData })
  const services = resources
    .filter(({ resourceType }) => resourceType === 'inventory.CloudService')
    .map(({ resource }) => resource)
  const failures = resources
    .filter(({ state }) => state === 5)
    .map(({ message, resource }) => [resource.cloud_service_type, resource.region_code, message])
  const named = (type: string, name: string) =>
    services.find((each) => each.cloud_service_type === type && each.name === name)
  const count = (type: string) => services.filter((each) => each.cloud_service_type === type).length
  return { bytes, error: error?.details, services, failures, named, count, resources }
}

test('every kind of every group is found, each once, those of its users among them', async () => {
  const { error, failures, resources, services } = await collected({ options: { page_size: 2 } })
  expect(error).toBeUndefined()
  expect(failures).toEqual([])
  const kinds = Object.groupBy(
    services,
    ({ cloud_service_group: group, cloud_service_type: type }) => `${group}/${type}`,
  )
  expect(Object.fromEntries(Object.entries(kinds).map(([kind, found]) => [kind, found?.length]))).toEqual({
    'Cluster/Cluster': 1,
    'Cluster/Namespace': 3,
    'Cluster/Node': 1,
    'WorkLoad/Deployment': 1,
    'WorkLoad/ReplicaSet': 1,
    'WorkLoad/Pod': 5,
    'Config/Secret': 1,
    'Config/ConfigMap': 1,
    'apps/ControllerRevision': 1,
    'example.com/Widget': 1,
  })
  const types = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudServiceType')
  expect(types.map(({ resource }) => `${resource.group}/${resource.name}`)).toContain('example.com/Widget')
})

test('an object is known by its uid, with its place, labels, addresses and relations', async () => {
  const { named } = await collected()
  expect(named('Pod', 'shop/web-1-1')).toMatchObject({
    account: 'cluster-uid-kube-system',
    region_code: 'cluster-uid-kube-system',
    reference: { resource_id: 'uid-shop-web-1-1' },
    ip_addresses: ['10.1.0.1'],
    launched_at: expect.stringContaining('2026-05-01T08:00:00'),
    data: {
      kind: 'Pod',
      apiVersion: 'v1',
      status: { phase: 'Running', containerStatuses: [{ name: 'web', ready: true }] },
      relations: [
        { name: 'controlled_by', resource_id: 'uid-shop-web-1', type: 'replicasets.apps' },
        { name: 'in', resource_id: 'uid-shop', type: 'namespaces' },
        { name: 'runs_on', resource_id: 'uid-node-1', type: 'nodes' },
      ],
    },
  })
  expect(named('Node', 'node-1')).toMatchObject({ instance_type: 'm5.large', ip_addresses: ['10.0.0.4'] })
  expect(named('Deployment', 'shop/web')).toMatchObject({ tags: { app: 'web' } })
  expect(named('Widget', 'office/w')).toMatchObject({
    data: { relations: ['of its own'], spec: { size: 3 } },
  })
})

test('no value of a secret, config map or environment variable is read or sent', async () => {
  const { bytes, named } = await collected()
  for (const needle of NEEDLES) expect(bytes.includes(needle), needle).toBe(false)
  const lists = cluster.state.asked.filter(({ path }) => /\/(secrets|configmaps)$/.test(path))
  expect(lists).toHaveLength(2)
  for (const { accept } of lists)
    expect(accept).toBe('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1')
  expect(named('Secret', 'shop/db')).toMatchObject({ data: { metadata: { annotations: { team: 'x' } } } })
})

test('what the server touches all the time is no change', async () => {
  const before = await collected()
  const [pod, ...others] = cluster.state.objects['/api/v1/pods'] ?? []
  if (pod === undefined) throw new Error('there is no pod')
  const touched = {
    ...pod,
    metadata: { ...pod.metadata, resourceVersion: '9', managedFields: [{ manager: 'kubelet' }] },
    status: { ...pod.status, containerStatuses: [{ name: 'web', restartCount: 99, ready: true }] },
  }
  cluster.state.objects['/api/v1/pods'] = [touched, ...others]
  expect((await collected()).bytes.equals(before.bytes)).toBe(true)
})

test('a kind that may not be listed is one error that names it, and the rest is found', async () => {
  cluster.state.refused.add('/api/v1/secrets')
  const { count, failures } = await collected()
  expect(failures).toEqual([
    ['Secret', undefined, 'ERROR_ACCESS_DENIED: secrets is forbidden: User "reader" cannot list it'],
  ])
  expect(count('Pod')).toBe(5)
  expect(count('Widget')).toBe(1)
})

test('a list that expires begins anew, with nothing twice and what has come meanwhile', async () => {
  cluster.state.expires.set('/api/v1/pods', 1)
  cluster.state.onContinue = () => {
    const pods = OBJECTS['/api/v1/pods'] ?? []
    const late = { metadata: { name: 'late', namespace: 'shop', uid: 'uid-late' } }
    cluster.state.objects['/api/v1/pods'] = [late, ...pods]
  }
  const { count, failures, named } = await collected({ options: { page_size: 2 } })
  expect(failures).toEqual([])
  expect(count('Pod')).toBe(6)
  expect(named('Pod', 'shop/late')).toBeDefined()
})

test('a list that expires again is not known to be complete', async () => {
  cluster.state.expires.set('/api/v1/pods', 2)
  const { count, failures } = await collected({ options: { page_size: 2 } })
  expect(failures).toEqual([['Pod', undefined, expect.stringContaining('ERROR_LIST_EXPIRED')]])
  expect(count('Widget')).toBe(1)
})

test('a server that asks for patience gets it', async () => {
  cluster.state.throttles = 3
  const { count, error } = await collected()
  expect(error).toBeUndefined()
  expect(count('Pod')).toBe(5)
})

test('a group that does not answer is said, and the others are found', async () => {
  cluster.state.silent.add('example.com')
  const { count, failures } = await collected()
  expect(failures).toEqual([
    ['Cluster', undefined, expect.stringContaining('the API group example.com does not answer')],
  ])
  expect(count('Pod')).toBe(5)
})

test('of chosen namespaces only what lies in them is asked for, each a region of its own', async () => {
  cluster.state.refused.add('/api/v1/namespaces/office/pods')
  const options = { cluster: 'prod', namespaces: ['shop', 'office'] }
  const { count, failures, named } = await collected({ options })
  expect(failures).toEqual([['Pod', 'prod/office', expect.stringContaining('ERROR_ACCESS_DENIED')]])
  expect(named('Pod', 'shop/web-1-1')).toMatchObject({ account: 'prod', region_code: 'prod/shop' })
  expect(named('Widget', 'office/w')).toMatchObject({ region_code: 'prod/office' })
  expect(count('Node') + count('Namespace')).toBe(0)
  expect(cluster.state.asked.map(({ path }) => path)).not.toContain('/api/v1/pods')
})

test('verify names a namespace that is not there, and every kind that may not be listed', async () => {
  const secretData = { server: cluster.server, token: TOKEN }
  const problem = (options: JsonObject) => verifyProblem(plugin.port, { options, secretData })
  expect(await problem({ namespaces: ['shop'], cluster: 'prod' })).toBeUndefined()
  expect(await problem({ namespaces: ['shop', 'shpo'], cluster: 'prod' })).toContain('has no namespace shpo,')
  cluster.state.refused.add('/api/v1/secrets').add('/apis/example.com/v1/widgets')
  expect(await problem({})).toContain('may not list secrets, widgets.example.com;')
})

test('kinds are left out by name or group, and what only changes always is', async () => {
  await collected({ options: { exclude: ['secrets', '*.example.com'] } })
  const paths = cluster.state.asked.map(({ path }) => path)
  for (const path of ['/api/v1/secrets', '/apis/example.com/v1/widgets', '/api/v1/events'])
    expect(paths).not.toContain(path)
  expect(paths).not.toContain('/apis/metrics.k8s.io/v1beta1/pods')
})

test('a wrong token fails the call, and is not quoted', async () => {
  const { error } = await collected({ secretData: { token: 'wrong-token-0815' } })
  expect(error).toMatch(/^ERROR_AUTHENTICATE_FAILURE: /)
  expect(error).not.toContain('0815')
})
