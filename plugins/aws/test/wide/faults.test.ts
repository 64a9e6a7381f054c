import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../../../../test/support/fault-proxy.ts'
import { OTHER_REGION, testFaults } from '../faults/test-faults.ts'
import { collectAll, PLUGIN } from '../support.ts'
import { type Cloud, startCloud } from './emulator/cloud.ts'
import { EU, optionsFor, SECRET } from './support.ts'

const REGION = 'eu-central-1'
const TYPES = [
  'Job',
  'Crawler',
  'Workflow',
  'Trigger',
  'Registry',
  'Blueprint',
  'Classifier',
  'Connection',
  'UsageProfile',
  'MLTransform',
]

let cloud: Cloud
let plugin: PluginProcess
let proxy: FaultProxy
beforeAll(async () => {
  cloud = await startCloud({ pageSize: 2, regions: ['us-east-1', REGION, OTHER_REGION] })
  proxy = await startFaultProxy(cloud.url)
  plugin = await startPlugin(PLUGIN)
  for (const type of TYPES)
    for (const Name of ['one', 'two', 'three'])
      cloud.estate.put(EU, `AWS::Glue::${type}`, {
        identifier: Name,
        properties: { Name, Tags: {}, Role: 'r' },
      })
})
afterAll(async () => {
  await plugin.stop()
  await proxy.stop()
  cloud.stop()
})

testFaults({
  collect: (rule, options) => {
    proxy.setRule(rule)
    const types = TYPES.map((type) => `AWS::Glue::${type}`)
    return collectAll(plugin, {
      secretData: SECRET,
      options: optionsFor(proxy.url, types, { regions: [REGION], ...options }),
    })
  },
  region: REGION,
  lists: TYPES.map((type) => ({
    kind: `Glue/${type}`,
    isAskedBy: ({ action, body }) => action === 'ListResources' && body.includes(`"AWS::Glue::${type}"`),
  })),
})
