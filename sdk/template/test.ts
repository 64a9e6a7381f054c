import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectFrom, startPlugin, startRecordedProvider, verifyWith } from '@gleaner/sdk/testing'

// Answers from a file. Run with GLEANER_RECORD=https://api.example to ask the real API and write the file
// anew.
const secretData = { token: process.env.TOKEN ?? 'a token' }
const provider = await startRecordedProvider(new URL('recordings/servers.json', import.meta.url), {
  secrets: Object.values(secretData),
})
const plugin = await startPlugin(new URL('plugin.ts', import.meta.url).pathname)
test.after(async () => {
  await plugin.stop()
  await provider.stop()
})

test('accepts a token that the API knows', async () => {
  assert.equal(await verifyWith(plugin.port, { options: { url: provider.url }, secretData }), undefined)
})

test('finds the servers of a region, page by page', async () => {
  const { error, resources } = await collectFrom(plugin.port, { options: { url: provider.url }, secretData })
  assert.equal(error, undefined)
  const servers = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  assert.deepEqual(
    servers.map(({ resource }) => resource.name),
    ['web-1', 'web-2', 'db-1'],
  )
})

test('names a region that it may not read, and reads the others', async () => {
  const options = { url: provider.url, regions: ['closed-1', 'eu-1'] }
  const { resources } = await collectFrom(plugin.port, { options, secretData })
  const [failure] = resources.filter(({ resourceType }) => resourceType === 'inventory.ErrorResource')
  assert.equal(failure?.resource.region_code, 'closed-1')
  assert.match(failure?.message ?? '', /ERROR_ACCESS_DENIED/)
  assert.equal(resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService').length, 3)
})
