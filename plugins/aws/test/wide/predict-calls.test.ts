import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCatalog } from '../../src/wide/catalog.ts'
import { planWideCells } from '../../src/wide/cells.ts'
import { loadWideData } from '../../src/wide/load-data.ts'
import { predictWideCalls, typePermissions } from '../../src/wide/predict-calls.ts'
import { PLUGIN } from '../support.ts'
import { EU, givenCloud, US } from './support.ts'

let plugin: PluginProcess
beforeAll(async () => {
  plugin = await startPlugin(PLUGIN)
})
afterAll(() => plugin.stop())

const REGIONS = ['us-east-1', 'eu-central-1', 'global']

function planFor(types: readonly string[]) {
  const options = { wide: true, wide_types: types, wide_except: [], wide_details: 'missing' } as const
  const data = loadWideData()
  const catalog = createCatalog(data.types, () => undefined, {
    ...options,
    wide_young_types: false,
    wide_cross_check: false,
  })
  return { catalog, cells: planWideCells(catalog, data, { home: 'us-east-1', regions: REGIONS }) }
}

test('the calls that a collection takes are predicted from what is there', async () => {
  const types = ['AWS::Glue::Job', 'AWS::WAFv2::WebACL', 'AWS::EKS::Addon', 'AWS::CloudFront::CachePolicy']
  const { callsOf, collect, put } = await givenCloud(plugin)
  for (let n = 0; n < 250; n++)
    put(EU, 'Glue::Job', `job-${n}`, { Name: `job-${n}`, Tags: {}, MaxRetries: 1 })
  for (let n = 0; n < 7; n++) put(US, 'Glue::Job', `job-${n}`, { Name: `job-${n}` }, ['Name'])
  for (const cluster of ['a', 'b', 'c']) {
    put(EU, 'EKS::Cluster', cluster, { Name: cluster, Tags: [] })
    put(EU, 'EKS::Addon', `${cluster}|dns`, {
      ClusterName: cluster,
      AddonName: 'dns',
      Tags: [],
      Arn: `arn:${cluster}`,
    })
  }
  const counts: Readonly<Record<string, number>> = {
    'AWS::Glue::Job eu-central-1': 250,
    'AWS::Glue::Job us-east-1': 7,
    'AWS::EKS::Cluster eu-central-1': 3,
    'AWS::EKS::Addon eu-central-1': 3,
  }
  const { byType, parents, total } = predictWideCalls({
    ...planFor(types),
    known: (typeName, region) => {
      const resources = counts[`${typeName} ${region}`] ?? 0
      return { resources, details: region === 'us-east-1' ? resources : 0 }
    },
  })
  expect(byType.get('AWS::WAFv2::WebACL')).toBe(3)
  expect([byType.get('AWS::Glue::Job'), parents]).toEqual([3 + 1 + 7, 2])

  const found = await collect(types)
  expect([found.error, found.failures]).toEqual([undefined, []])
  expect(callsOf('ListResources') + callsOf('GetResource')).toBe(total)
})

test('without any knowledge every type counts as empty', async () => {
  const { cells, ...plan } = planFor(['AWS::Glue::Job', 'AWS::EKS::Addon'])
  expect(predictWideCalls({ cells, ...plan })).toMatchObject({ parents: 2, total: 4 })
})

test('permissions are those that the handlers of the types name', () => {
  const permissions = typePermissions(planFor(['AWS::Glue::Job']).catalog)
  expect(permissions).toEqual(expect.arrayContaining(['glue:ListJobs', 'glue:GetTags']))
  expect(permissions).not.toContain('eks:ListAddons')
})
