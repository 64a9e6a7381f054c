import type { JsonObject } from '@gleaner/sdk'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLUGIN } from '../support.ts'
import { ACCOUNT, EU, givenCloud, namesOf, SECRET, US } from './support.ts'

let plugin: PluginProcess
beforeAll(async () => {
  plugin = await startPlugin(PLUGIN)
})
afterAll(() => plugin.stop())

const job = (n: number): JsonObject => ({ Name: `job-${n}`, Tags: { n: String(n) }, MaxRetries: n })

test('a type without a module of its own is found in every region, to the last page, and sent with its first resource', async () => {
  const { collect, put } = await givenCloud(plugin, { pageSize: 2 })
  for (const n of [1, 2, 3, 4, 5]) put(EU, 'Glue::Job', `job-${n}`, job(n))
  put(US, 'Glue::Job', 'job-1', job(1))
  const found = await collect(['AWS::Glue::Job', 'AWS::Glue::Crawler'])
  expect([found.error, found.failures]).toEqual([undefined, []])
  expect(namesOf(found)).toEqual([
    ...[1, 2, 3, 4, 5].map((n) => `eu-central-1 Glue/Job job-${n}`),
    'us-east-1 Glue/Job job-1',
  ])
  expect(found.types.filter(({ group }) => group === 'Glue').map(({ name }) => name)).toEqual(['Job'])
  expect(found.ofType('Glue', 'Job')[0]).toMatchObject({
    provider: 'aws',
    account: ACCOUNT,
    data: { MaxRetries: 1 },
  })
})

test('lists that want to be told a parent are read for each of them, also for parents of parents', async () => {
  const { collect, put } = await givenCloud(plugin)
  for (const app of ['a', 'b']) {
    put(EU, 'AppConfig::Application', app, { ApplicationId: app, Name: `app ${app}` })
    for (const env of ['test', 'prod']) {
      const id = { ApplicationId: app, EnvironmentId: env }
      put(EU, 'AppConfig::Environment', `${app}|${env}`, { ...id, Name: env }, [
        'ApplicationId',
        'EnvironmentId',
      ])
      put(EU, 'AppConfig::Deployment', `${app}|${env}|1`, { ...id, DeploymentNumber: '1', State: 'COMPLETE' })
    }
  }
  put(EU, 'Glue::Database', 'db', { DatabaseName: 'db', CatalogId: ACCOUNT, DatabaseInput: {} })
  put(EU, 'Glue::Table', 'tab', { CatalogId: ACCOUNT, DatabaseName: 'db', Name: 'tab', TableInput: {} })
  const found = await collect(['AWS::AppConfig::Deployment', 'AWS::Glue::Table'], {
    regions: ['eu-central-1'],
  })
  expect([found.error, found.failures]).toEqual([undefined, []])
  expect(found.services.map((each) => each.cloud_service_type).sort()).toEqual([
    ...Array(4).fill('Deployment'),
    'Table',
  ])
})

test('lists that want one of a few values are read for each, but not where a value is unknown', async () => {
  const { calls, collect, put } = await givenCloud(plugin)
  const acl = (Name: string, Scope: string, region: string) => ({
    Name,
    Id: 'i',
    Scope,
    Arn: `arn:aws:wafv2:${region}:${ACCOUNT}:${Scope === 'CLOUDFRONT' ? 'global' : 'regional'}/webacl/${Name}/i`,
    Tags: [],
  })
  put(US, 'WAFv2::WebACL', 'edge|i|CLOUDFRONT', acl('edge', 'CLOUDFRONT', 'us-east-1'))
  put(EU, 'WAFv2::WebACL', 'shop|i|REGIONAL', acl('shop', 'REGIONAL', 'eu-central-1'))
  const found = await collect(['AWS::WAFv2::WebACL'])
  expect(namesOf(found)).toEqual(['eu-central-1 WAFv2/WebACL shop', 'us-east-1 WAFv2/WebACL edge'])
  expect(calls.filter(({ type }) => type === 'AWS::WAFv2::WebACL')).toHaveLength(3)
})

test('what a list leaves out is asked for, and what has gone meanwhile is left out', async () => {
  const { callsOf, collect, faults, put } = await givenCloud(plugin)
  for (const n of [1, 2])
    put(EU, 'NimbleStudio::Studio', `s-${n}`, { StudioId: `s-${n}`, StudioName: `studio ${n}`, Tags: {} }, [
      'StudioId',
    ])
  put(EU, 'Glue::Job', 'whole', { Name: 'whole', Tags: {}, MaxRetries: 1 })
  put(EU, 'Glue::Job', 'untagged', { Name: 'untagged', MaxRetries: 3 })
  const gone = { status: 400, code: 'ResourceNotFoundException', message: 'gone' }
  faults.arm({ action: 'GetResource', type: 'AWS::NimbleStudio::Studio', times: 1, effect: gone })
  const found = await collect(['AWS::NimbleStudio::Studio', 'AWS::Glue::Job'], { regions: ['eu-central-1'] })
  expect([found.error, found.failures]).toEqual([undefined, []])
  expect(namesOf(found)).toEqual([
    'eu-central-1 Glue/Job untagged',
    'eu-central-1 Glue/Job whole',
    expect.stringMatching(/^eu-central-1 NimbleStudio\/Studio studio \d$/),
  ])
  expect(callsOf('GetResource')).toBe(3)
})

test('what lies in no region is asked once and lies in global', async () => {
  const { callsOf, collect, put } = await givenCloud(plugin)
  put(US, 'CloudFront::CachePolicy', 'c-1', { Id: 'c-1', CachePolicyConfig: { Name: 'x' } })
  put(EU, 'CloudFront::CachePolicy', 'c-1', { Id: 'c-1', CachePolicyConfig: { Name: 'x' } })
  const found = await collect(['AWS::CloudFront::CachePolicy'])
  expect(found.services.map(({ reference, region_code: region }) => [reference, region])).toEqual([
    [expect.objectContaining({ resource_id: `arn:aws:cloudfront::${ACCOUNT}:cache-policy/c-1` }), 'global'],
  ])
  expect(callsOf('ListResources')).toBe(1)
})

test('a type that the registry names and the data do not is read all the same, by its own schema', async () => {
  const pointers = ['/properties/GardenId']
  const young = {
    typeName: 'AWS::Young::Garden',
    properties: { GardenId: {}, GardenName: {}, Arn: {}, Code: {}, Tags: {} },
    primaryIdentifier: pointers,
    readOnlyProperties: [...pointers, '/properties/Arn'],
    writeOnlyProperties: ['/properties/Code'],
    handlers: { list: { permissions: ['young:List'] } },
  }
  const unlistable = { ...young, typeName: 'AWS::Young::Fence', handlers: {} }
  const { collect, put } = await givenCloud(plugin, { young: [young, unlistable] })
  const arn = `arn:aws:young:eu-central-1:${ACCOUNT}:garden/g`
  put(EU, 'Young::Garden', 'g', { GardenId: 'g', GardenName: 'roses', Arn: arn, Code: 'x', Tags: { a: 'b' } })
  const found = await collect(['AWS::Young::*'], { wide_young_types: true })
  expect([found.error, found.failures]).toEqual([undefined, []])
  expect(found.services).toEqual([
    expect.objectContaining({
      cloud_service_group: 'Young',
      cloud_service_type: 'Garden',
      name: 'roses',
      tags: { a: 'b' },
      reference: expect.objectContaining({ resource_id: arn }),
      data: { GardenId: 'g', GardenName: 'roses', Arn: arn, relations: [] },
    }),
  ])
})

test('the same cloud gives the same resources, and neither the secret nor what a resource hides is among them', async () => {
  const { collect, put } = await givenCloud(plugin)
  const needle = 'needle-0815'
  put(EU, 'Glue::Connection', 'c', {
    CatalogId: ACCOUNT,
    ConnectionInput: { Name: 'c', ConnectionProperties: { PASSWORD: needle, HOST: 'db' } },
    Password: needle,
  })
  const first = await collect(['AWS::Glue::Connection'], { regions: ['eu-central-1'] })
  const second = await collect(['AWS::Glue::Connection'], { regions: ['eu-central-1'] })
  expect(first.services).toHaveLength(1)
  expect(second.bytes.equals(first.bytes)).toBe(true)
  for (const needles of [needle, SECRET.aws_secret_access_key]) {
    expect(first.bytes.includes(needles)).toBe(false)
    expect(plugin.stderr()).not.toContain(needles)
  }
})
