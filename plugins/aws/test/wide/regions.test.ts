import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLUGIN } from '../support.ts'
import { DENIED } from './emulator/faults.ts'
import { givenCloud } from './support.ts'

const TYPES = ['AWS::Glue::Job']
const DESCRIBE_DENIED = { action: 'DescribeRegions', effect: DENIED('ec2:DescribeRegions') }

let plugin: PluginProcess
beforeAll(async () => {
  plugin = await startPlugin(PLUGIN)
})
afterAll(() => plugin.stop())

const givenRegions = () =>
  givenCloud(plugin, {
    regions: ['us-east-1', 'eu-central-1', 'eu-west-1'],
    regionsOff: ['ap-east-1', 'af-south-1'],
  })

test('where EC2 may not be asked, the account tells its regions, to the last page', async () => {
  const { calls, collect, faults } = await givenRegions()
  faults.arm(DESCRIBE_DENIED)
  const found = await collect(TYPES)
  expect([found.error, found.failures]).toEqual([undefined, []])
  const asked = calls.filter(({ action }) => action === 'ListResources').map(({ region }) => region)
  expect(asked.sort()).toEqual(['eu-central-1', 'eu-west-1', 'us-east-1'])
})

test.each(['ec2', 'account'])(
  'a region that was chosen and is off is said to be, as %s tells',
  async (who) => {
    const { collect, faults } = await givenRegions()
    if (who === 'account') faults.arm(DESCRIBE_DENIED)
    const found = await collect(TYPES, { regions: ['eu-west-1', 'ap-east-1', 'mars-north-1'] })
    expect(found.failures.map(({ message, region }) => [region, message])).toEqual([
      [
        'ap-east-1',
        expect.stringContaining('ERROR_REGION_OFF: ap-east-1 was chosen, but the account has not enabled it'),
      ],
      ['mars-north-1', expect.stringContaining('AWS does not name it among the regions of the account')],
    ])
  },
)

test('where neither may be asked, the error names the permission of the first', async () => {
  const { collect, faults } = await givenRegions()
  faults.arm(DESCRIBE_DENIED, { action: 'ListRegions', effect: DENIED('account:ListRegions') })
  const { error, services } = await collect(TYPES)
  expect([error, services]).toEqual([
    expect.stringMatching(/^ERROR_ACCESS_DENIED: .*'ec2:DescribeRegions'/),
    [],
  ])
})
