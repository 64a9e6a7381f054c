import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifierOf } from '../../src/wide/arn.ts'
import { PLUGIN } from '../support.ts'
import { DENIED } from './emulator/faults.ts'
import { ACCOUNT, EU, givenCloud } from './support.ts'

let plugin: PluginProcess
beforeAll(async () => {
  plugin = await startPlugin(PLUGIN)
})
afterAll(() => plugin.stop())

const TYPES = ['AWS::SSM::Association', 'AWS::Glue::Job']
const CHECKED = { regions: ['eu-central-1'], wide_cross_check: true }
const arnOf = (n: number) => `arn:aws:ssm:eu-central-1:${ACCOUNT}:association/a-${n}`

/** Two associations and a job; Resource Explorer knows the associations with these numbers. */
async function givenExplored(indexes: readonly string[], known: readonly number[]) {
  const cloud = await givenCloud(plugin, { indexes })
  for (const n of [1, 2])
    cloud.put(EU, 'SSM::Association', `a-${n}`, { AssociationId: `a-${n}`, Name: 'doc', Tags: [] })
  cloud.put(EU, 'Glue::Job', 'job', { Name: 'job', Tags: {}, MaxRetries: 1 })
  for (const n of known) cloud.estate.explore(EU, arnOf(n))
  return cloud
}

test('what Resource Explorer knows, a list leaves out and is there withholds the list', async () => {
  const { collect, estate } = await givenExplored(['us-east-1', 'eu-central-1'], [1, 2, 3])
  const properties = { AssociationId: 'a-3', Name: 'doc', Tags: [] }
  estate.put(EU, 'AWS::SSM::Association', { identifier: 'a-3', properties, isUnlisted: true })
  const found = await collect(TYPES, CHECKED)
  expect(found.failures).toEqual([
    expect.objectContaining({
      kind: 'SSM/Association',
      region: 'eu-central-1',
      message: expect.stringMatching(
        /^ERROR_COUNT_MISMATCH: .*Explorer knows 1 .* such as arn.*a-3; nothing/,
      ),
    }),
  ])
  expect(found.services).toHaveLength(3)
})

test('what has gone and Resource Explorer still knows is looked at, and withholds nothing', async () => {
  const { collect, faults } = await givenExplored(['us-east-1', 'eu-central-1'], [1, 3])
  expect((await collect(TYPES, CHECKED)).failures).toEqual([])
  faults.arm({ action: 'GetResource', effect: DENIED('ssm:DescribeAssociation') })
  expect((await collect(TYPES, CHECKED)).failures).toEqual([])
})

test('the index that gathers is asked, and only about regions that have one', async () => {
  const { calls, collect } = await givenExplored(['us-east-1'], [3])
  expect((await collect(TYPES, CHECKED)).failures).toEqual([])
  expect(calls.filter(({ action }) => action === 'ExploreResources')).toEqual([])
  const gathering = await givenExplored(['us-east-1', 'eu-central-1'], [1])
  await gathering.collect(TYPES, CHECKED)
  const asked = gathering.calls.filter(({ action }) => action === 'ExploreResources')
  expect(asked.map(({ region }) => region)).toEqual(['us-east-1'])
})

test.each(['ListIndexes', 'ExploreResources'])(
  'without %s nothing is compared, nothing fails, and that is said once',
  async (action) => {
    const { collect, faults } = await givenExplored(['us-east-1', 'eu-central-1'], [1, 3])
    const said = () => plugin.stderr().split('not compared with Resource Explorer').length
    const before = said()
    faults.arm({ action, effect: DENIED(`resource-explorer-2:${action}`) })
    const found = await collect(TYPES, { ...CHECKED, regions: ['us-east-1', 'eu-central-1'] })
    expect([found.error, found.failures, said() - before]).toEqual([undefined, [], 1])
  },
)

test.each([
  ['the ARN itself', { identifier: ['Arn'], arn: 'Arn' }, 'arn:aws:x:eu:1:bed/b', 'arn:aws:x:eu:1:bed/b'],
  [
    'the one blank of a template',
    { identifier: ['Name'], arn: 'Arn', template: 'arn:{Partition}:x:{Region}:{Account}:bed/{BedName}' },
    'arn:aws:x:eu:1:bed/b/c',
    'b/c',
  ],
  [
    'all parts',
    { identifier: ['B', 'A'], arn: 'arn:{Partition}:x:{Region}:{Account}:a/{A}/b/{B}' },
    'arn:aws:x:eu:1:a/1/b/2',
    '2|1',
  ],
  [
    'too little',
    { identifier: ['A', 'B'], arn: 'arn:{Partition}:x:{Region}:{Account}:a/{A}' },
    'arn:aws:x:eu:1:a/1',
    undefined,
  ],
])('an identifier is told by an ARN: %s', (_, type, arn, expected) => {
  expect(identifierOf(type, arn)).toBe(expected)
})
