import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PluginProcess, startPlugin } from '../../src/testing/start-plugin.ts'
import { PluginClient } from '../support/plugin-client.ts'

let plugins: PluginProcess[]
let [sample, finder]: PluginClient[] = []

beforeAll(async () => {
  const paths = ['../../src/sample/plugin.ts', '../fixtures/finder.ts']
  plugins = await Promise.all(paths.map((path) => startPlugin(join(import.meta.dirname, path))))
  ;[sample, finder] = plugins.map(({ port }) => new PluginClient(port))
})
afterAll(async () => {
  for (const client of [sample, finder]) client?.close()
  await Promise.all(plugins.map((plugin) => plugin.stop()))
})

const subnets = (regionCode: string, resources: number) => ({
  group: 'Network',
  type: 'Subnet',
  account: '40017',
  regionCode,
  resources,
})

test('a plan says calls, time, permissions, policies and notes, and counts what is known', async () => {
  const options = { delay_ms: 500, regions: ['north-1', 'south-1'] }
  expect(await sample?.plan({ options })).toMatchObject({
    apis: [{ api: 'acme', calls: 2, seconds: 1, basis: 'declared', permissions: ['acme.estate.read'] }],
    seconds: 1,
    policies: [{ allow: 'acme.estate.read', regions: ['north-1', 'south-1'] }],
    notes: [expect.stringContaining('Nothing was collected before')],
  })
  const known = [subnets('north-1', 250), subnets('south-1', 100_000)]
  expect(await sample?.plan({ options, known })).toMatchObject({ apis: [{ calls: 1_003 }], notes: [] })
})

test('options of a plan are checked as those of a collection', async () => {
  await expect(sample?.plan({ options: { count: 'many' } })).rejects.toThrow('ERROR_INVALID_PARAMETER')
})

test('a plugin that declares no plan has no such method', async () => {
  await expect(finder?.plan()).rejects.toMatchObject({ code: status.UNIMPLEMENTED })
})
