import { join } from 'node:path'
import type { JsonObject, KnownCell } from '@gleaner/sdk'
import { collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PluginClient } from '../../../test/support/plugin-client.ts'
import { startCluster, TOKEN } from './cluster.ts'
import { OBJECTS } from './objects.ts'

let plugin: PluginProcess
let client: PluginClient

beforeAll(async () => {
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
  client = new PluginClient(plugin.port)
})
afterAll(async () => {
  client.close()
  await plugin.stop()
})

async function givenCluster() {
  const cluster = await startCluster(OBJECTS)
  onTestFinished(cluster.stop)
  const secretData = { server: cluster.server, token: TOKEN }
  const { state } = cluster
  return {
    state,
    plan: (options: JsonObject, more: Parameters<typeof client.plan>[0] = {}) =>
      client.plan({ ...more, options, secretData }),
    /** What a collection finds, cell by cell, and how many calls it takes. */
    async collect(options: JsonObject) {
      state.asked.length = 0
      const { resources } = await collectFrom(plugin.port, { options, secretData })
      const cells = new Map<string, KnownCell>()
      for (const { resource, resourceType } of resources) {
        if (resourceType !== 'inventory.CloudService') continue
        const [group, type, account, regionCode] = [
          resource.cloud_service_group,
          resource.cloud_service_type,
          resource.account,
          resource.region_code,
        ].map(String) as [string, string, string, string]
        const key = [group, type, regionCode].join()
        const resourcesBefore = cells.get(key)?.resources ?? 0
        cells.set(key, { group, type, account, regionCode, resources: resourcesBefore + 1 })
      }
      return { calls: state.asked.length, known: [...cells.values()] }
    },
  }
}

test.each([
  ['of the whole cluster', { page_size: 2 }],
  ['of chosen namespaces', { page_size: 1, namespaces: ['shop', 'office'] }],
  ['of a cluster with a name', { page_size: 2, cluster: 'home', exclude: ['pods', '*.apps'] }],
])('the calls %s are predicted as they will be, without a list', async (_, options) => {
  const { collect, plan, state } = await givenCluster()
  const { calls, known } = await collect(options)

  state.asked.length = 0
  const { apis, seconds } = await plan(options, { known: [...known] })

  expect(apis).toMatchObject([{ calls, basis: 'assumed', seconds: calls * 0.1 }])
  expect(seconds).toBeCloseTo(calls * 0.1)
  expect(state.asked.filter(({ query }) => query.has('limit'))).toEqual([])
})

test('what earlier runs measured goes before what is assumed, and before the first run a list is one page', async () => {
  const { collect, plan } = await givenCluster()
  const { calls } = await collect({})
  const { apis, notes } = await plan({})
  expect(apis[0]?.calls).toBe(calls)
  expect(notes.join(' ')).toMatch(/Nothing was collected before.*Nothing was measured yet/)

  const api = String(apis[0]?.api)
  const measured = [{ api, calls: 10, answerSeconds: 4, busySeconds: 5, rate: 0, burst: 0 }]
  const again = await plan({}, { measured })
  expect(again.apis).toMatchObject([{ api, basis: 'measured', seconds: calls * 0.5 }])
})

test('the roles grant listing of what is collected and nothing else', async () => {
  const { plan, state } = await givenCluster()
  // Whoever asks for the role does not have it yet.
  for (const path of Object.keys(OBJECTS)) state.refused.add(path)
  const { apis, policies } = await plan({ exclude: ['secrets', '*.example.com'] })
  expect(policies).toEqual([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'gleaner-collector' },
      rules: [
        { apiGroups: [''], resources: ['namespaces', 'nodes', 'configmaps', 'pods'], verbs: ['list'] },
        {
          apiGroups: ['apps'],
          resources: ['controllerrevisions', 'deployments', 'replicasets'],
          verbs: ['list'],
        },
        { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
      ],
    },
  ])
  expect(apis[0]?.permissions).toContain('list deployments.apps')
  expect(apis[0]?.permissions).toContain('get namespaces/kube-system')

  const narrow = await plan({ namespaces: ['shop'], cluster: 'home', exclude: ['*.apps', '*.example.com'] })
  expect(narrow.policies).toMatchObject([
    {
      kind: 'Role',
      metadata: { namespace: 'shop' },
      rules: [{ resources: ['configmaps', 'pods', 'secrets'], verbs: ['list'] }],
    },
  ])
})

test('a group that does not answer is said not to be planned', async () => {
  const { plan, state } = await givenCluster()
  state.silent.add('apps')
  expect((await plan({})).notes.join()).toContain('The API group apps does not answer')
})
