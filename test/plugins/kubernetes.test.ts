import { afterAll, expect, test } from 'vitest'
import { startCluster, TOKEN } from '../../plugins/kubernetes/test/cluster.ts'
import { OBJECTS } from '../../plugins/kubernetes/test/objects.ts'
import { SecretData } from '../../src/core/secret-data.ts'
import { givenHost, never, recordOf } from './support.ts'

const cluster = await startCluster(OBJECTS)
afterAll(cluster.stop)

const secretData = new SecretData({ server: cluster.server, token: TOKEN })

async function givenPlugin() {
  const { host } = givenHost([recordOf('kubernetes', { image: 'builtin:kubernetes' })])
  return host.connect({ pluginId: 'plugin-kubernetes' }, never)
}

test('a kind earns its receipt only when its list was read to the end', async () => {
  const plugin = await givenPlugin()
  cluster.state.refused.add('/api/v1/secrets')
  cluster.state.expires.set('/api/v1/pods', 2)
  const opened: string[] = []
  const completed: string[] = []
  const observer = {
    scopeOpened: ({ type }: { type: string }) => opened.push(type),
    scopeCompleted: ({ type }: { type: string }) => completed.push(type),
  }
  const options = { page_size: 2 }
  for await (const _ of plugin.collect({ options, secretData, filter: {}, observer }, never));
  expect(opened).toContain('Widget')
  expect(new Set(opened).difference(new Set(completed))).toEqual(new Set(['Secret', 'Pod']))
})

test('verify says everything that may not be listed', async () => {
  const plugin = await givenPlugin()
  cluster.state.refused = new Set(['/api/v1/secrets', '/apis/example.com/v1/widgets'])
  const verified = plugin.verify({ options: {}, secretData }, never)
  await expect(verified).rejects.toThrow('may not list secrets, widgets.example.com')
  await plugin.verify({ options: { exclude: ['secrets', '*.example.com'] }, secretData }, never)
  cluster.state.refused = new Set(['/api/v1/namespaces/office/pods'])
  const inOffice = plugin.verify({ options: { namespaces: ['shop', 'office'] }, secretData }, never)
  await expect(inOffice).rejects.toThrow('may not list pods in office;')
})
