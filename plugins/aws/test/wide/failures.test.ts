import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLUGIN, verifyProblem } from '../support.ts'
import { DENIED } from './emulator/faults.ts'
import { ACCOUNT, EU, givenCloud, namesOf, optionsFor, SECRET } from './support.ts'

let plugin: PluginProcess
beforeAll(async () => {
  plugin = await startPlugin(PLUGIN)
})
afterAll(() => plugin.stop())

const TYPES = ['AWS::Glue::Job', 'AWS::Glue::Crawler', 'AWS::Glue::Workflow']
const IN_EU = { regions: ['eu-central-1'] }

/** Three jobs on two pages, a crawler and a workflow. */
async function givenGlue() {
  const cloud = await givenCloud(plugin, { pageSize: 2 })
  for (const n of [1, 2, 3])
    cloud.put(EU, 'Glue::Job', `job-${n}`, { Name: `job-${n}`, Tags: {}, MaxRetries: n })
  cloud.put(EU, 'Glue::Crawler', 'c', { Name: 'c', Tags: {}, Role: 'r' })
  cloud.put(EU, 'Glue::Workflow', 'w', { Name: 'w', Tags: {}, MaxConcurrentRuns: 1 })
  return cloud
}

const REST = ['eu-central-1 Glue/Crawler c', 'eu-central-1 Glue/Workflow w']
const FIRST_PAGE = ['eu-central-1 Glue/Job job-1', 'eu-central-1 Glue/Job job-2']
const message = (code: string, message: string) => ({ status: 400, code, message })

test.each([
  [
    'a denied list',
    { effect: DENIED('glue:ListJobs') },
    "ERROR_ACCESS_DENIED: .*'glue:ListJobs' is missing",
    [],
  ],
  [
    'a denial that the handler passes on in words alone',
    {
      effect: message('GeneralServiceException', 'User: x is not authorized to perform: glue:GetJobs (403)'),
    },
    "ERROR_ACCESS_DENIED: the permission 'glue:GetJobs' is missing",
    [],
  ],
  [
    'a policy that forbids it',
    {
      effect: message(
        'AccessDeniedException',
        'not authorized to perform: glue:ListJobs with an explicit deny in a service control policy',
      ),
    },
    "ERROR_POLICY_DENIED: .*'glue:ListJobs'",
    [],
  ],
  [
    'a handler that fails midway',
    { page: 1, effect: message('InvalidRequestException', 'boom') },
    'ERROR_PROVIDER_REQUEST: .*boom',
    FIRST_PAGE,
  ],
  [
    'a page token that comes again',
    { page: 1, effect: 'repeat-token' as const },
    'ERROR_PAGING: .*token',
    FIRST_PAGE,
  ],
])('%s costs its type and nothing else', async (_, fault, said, kept) => {
  const { collect, faults } = await givenGlue()
  faults.arm({ action: 'ListResources', type: 'AWS::Glue::Job', ...fault })
  const found = await collect(TYPES, IN_EU)
  expect(found.error).toBeUndefined()
  expect(found.failures).toEqual([
    {
      kind: 'Glue/Job',
      region: 'eu-central-1',
      account: ACCOUNT,
      resourceId: '',
      message: expect.stringMatching(new RegExp(said)),
    },
  ])
  expect(namesOf(found)).toEqual(expect.arrayContaining([...REST, ...kept]))
})

test.each(['cut', 'garbage', 'truncate'] as const)(
  'an answer that fails in passing (%s) is asked for again',
  async (effect) => {
    const { collect, faults } = await givenGlue()
    faults.arm({ action: 'ListResources', page: 1, times: 1, effect })
    const found = await collect(TYPES, IN_EU)
    expect([found.error, found.failures, found.services.length]).toEqual([undefined, [], 5])
  },
)

test('a type that a region does not offer is neither found nor an error', async () => {
  const { collect, faults } = await givenGlue()
  faults.arm(
    {
      type: 'AWS::Glue::Job',
      effect: message('TypeNotFoundException', 'The type AWS::Glue::Job cannot be found.'),
    },
    {
      type: 'AWS::Glue::Crawler',
      effect: message('UnsupportedActionException', 'does not support LIST action'),
    },
  )
  const found = await collect(TYPES, IN_EU)
  expect([found.error, found.failures, namesOf(found)]).toEqual([undefined, [], REST.slice(1)])
})

test('a type whose resources cannot be asked for alone is kept as its list tells it', async () => {
  const { callsOf, collect, faults, put } = await givenCloud(plugin)
  for (const n of [1, 2, 3]) put(EU, 'Glue::Job', `job-${n}`, { Name: `job-${n}`, MaxRetries: 1 }, ['Name'])
  faults.arm({
    action: 'GetResource',
    effect: message('UnsupportedActionException', 'does not support READ action'),
  })
  const found = await collect(['AWS::Glue::Job'], IN_EU)
  expect([found.failures, namesOf(found).length]).toEqual([[], 3])
  expect(callsOf('GetResource')).toBeLessThanOrEqual(3)
})

test('a parent that cannot be listed costs what needs it', async () => {
  const { collect, faults, put } = await givenCloud(plugin)
  put(EU, 'EKS::Cluster', 'c', { Name: 'c', Arn: 'arn:aws:eks:x', Tags: [] })
  faults.arm({ type: 'AWS::EKS::Cluster', effect: DENIED('eks:ListClusters') })
  const found = await collect(['AWS::EKS::Addon', 'AWS::EKS::AccessEntry', 'AWS::Glue::Job'], IN_EU)
  expect(found.failures.map(({ kind }) => kind).sort()).toEqual(['EKS/AccessEntry', 'EKS/Addon'])
})

test('a bucket that runs empty loses nothing', async () => {
  const cloud = await givenCloud(plugin, { bucket: { burst: 2, rate: 30 } })
  for (let n = 0; n < 60; n++)
    cloud.put(EU, 'Glue::Job', `job-${n}`, { Name: `job-${n}`, MaxRetries: 1 }, ['Name'])
  const found = await cloud.collect(['AWS::Glue::Job'], IN_EU)
  expect([found.error, found.failures, found.services.length]).toEqual([undefined, [], 60])
  expect(cloud.buckets.get(EU)?.refused).toBeGreaterThan(0)
})

test('what the tagging API knows and a list does not hold is said, and what only the list holds is not', async () => {
  const { collect, estate, put } = await givenGlue()
  const arnOf = (n: number) => `arn:aws:ssm:eu-central-1:${ACCOUNT}:association/a-${n}`
  for (const n of [1, 2])
    put(EU, 'SSM::Association', `a-${n}`, { AssociationId: `a-${n}`, Name: 'doc', Parameters: {} })
  for (const n of [1, 3]) estate.tag(EU, arnOf(n))
  const checked = { ...IN_EU, wide_cross_check: true }
  const found = await collect([...TYPES, 'AWS::SSM::Association'], checked)
  expect(found.failures).toEqual([
    expect.objectContaining({
      kind: 'SSM/Association',
      region: 'eu-central-1',
      message: expect.stringMatching(/^ERROR_COUNT_MISMATCH: .* knows 1 .* such as arn.*a-3/),
    }),
  ])
  estate.untag(EU, arnOf(3))
  expect((await collect(['AWS::SSM::Association'], checked)).failures).toEqual([])
})

test('without the tagging API there is nothing to compare, and nothing fails', async () => {
  const { collect, faults } = await givenGlue()
  faults.arm({ action: 'GetResources', effect: DENIED('tag:GetResources') })
  const found = await collect(TYPES, { ...IN_EU, wide_cross_check: true })
  expect([found.error, found.failures, found.services.length]).toEqual([undefined, [], 5])
})

test('verify names what is missing to ask Cloud Control, and of each service what one of its types lacks', async () => {
  const { callsOf, faults, put, url } = await givenGlue()
  put(EU, 'NimbleStudio::Studio', 's', { StudioId: 's', StudioName: 'studio', Tags: {} }, ['StudioId'])
  const options = optionsFor(url, [...TYPES, 'AWS::NimbleStudio::Studio', 'AWS::Batch::*'], {
    home_region: 'eu-central-1',
    wide_cross_check: true,
  })
  const problem = () => verifyProblem(plugin, { options, secretData: SECRET })
  expect(await problem()).toBeUndefined()
  expect([callsOf('ListResources'), callsOf('GetResource')]).toEqual([3, 1])

  const inWords = 'Access denied for operation ListResources'
  faults.arm(
    { action: 'ListResources', type: 'AWS::Glue::Crawler', effect: DENIED('glue:ListCrawlers') },
    { action: 'GetResource', effect: DENIED('nimble:GetStudio') },
    {
      type: 'AWS::Batch::ComputeEnvironment',
      effect: { ...DENIED(''), code: 'GeneralServiceException', message: inWords },
    },
    { action: 'GetResources', effect: DENIED('tag:GetResources') },
  )
  expect(await problem()).toMatch(
    /may not Batch:DescribeComputeEnvironments, glue:ListCrawlers, nimble:GetStudio, tag:GetResources$/,
  )

  faults.clear()
  faults.arm({ action: 'ListResources', effect: DENIED('cloudformation:ListResources') })
  expect(await problem()).toMatch(/may not cloudformation:ListResources$/)
})
