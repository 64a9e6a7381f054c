import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { askOf } from '../../src/wide/ask-of.ts'
import { isIn, loadWideData } from '../../src/wide/load-data.ts'
import type { Schema } from '../../src/wide/schema.ts'
import { typeFromSchema } from '../../src/wide/type-from-schema.ts'

const data = loadWideData()

test('the data are what their sources say today', async ({ skip }) => {
  const python = await promisify(execFile)('python3', ['-m', 'pip', '--version']).catch(
    (error: Error) => error,
  )
  skip(python instanceof Error, `Python with pip is missing: ${String(python)}`)
  const script = join(import.meta.dirname, '../../scripts/generate-types.ts')
  const checked = promisify(execFile)(process.execPath, [script, '--check'])
  await expect(checked).resolves.toMatchObject({ stderr: '' })
})

test('every parent is a type that can itself be listed, and tells what it knows', () => {
  const parents = Object.values(data.types).flatMap(({ ask }) => ask?.parent ?? [])
  expect(parents.length).toBeGreaterThan(200)
  for (const { type } of parents) expect(data.types).toHaveProperty([type])
  expect(data.types['AWS::AppConfig::Deployment']?.ask?.parent).toEqual({
    type: 'AWS::AppConfig::Environment',
    properties: { ApplicationId: 'ApplicationId', EnvironmentId: 'EnvironmentId' },
  })
  expect(data.types['AWS::EKS::Nodegroup']?.ask?.parent).toEqual({
    type: 'AWS::EKS::Cluster',
    properties: { ClusterName: 'Name' },
  })
  expect(data.types['AWS::WAFv2::WebACL']?.ask).toEqual({
    values: { Scope: ['CLOUDFRONT', 'REGIONAL'] },
    onlyIn: { CLOUDFRONT: 'us-east-1' },
  })
})

test('what lies in no region is told from what lies in one, and from what several show', () => {
  const reachOf = (name: string) => data.types[name]?.reach
  expect(reachOf('AWS::IAM::Role')).toBe('global')
  expect(reachOf('AWS::RDS::GlobalCluster')).toBe('spread')
  expect(reachOf('AWS::SSO::Instance')).toBeUndefined()
  expect(reachOf('AWS::Glue::Job')).toBeUndefined()
})

test('a type is known to be where AWS offers it, and everywhere where nothing is known', () => {
  expect(isIn(data, 'AWS::DeviceFarm::Project', 'us-west-2')).toBe(true)
  expect(isIn(data, 'AWS::DeviceFarm::Project', 'eu-central-1')).toBe(false)
  expect(isIn(data, 'AWS::DeviceFarm::Project', 'mars-north-1')).toBe(true)
  expect(isIn(data, 'AWS::Young::Type', 'eu-central-1')).toBe(true)
})

const pointers = (...paths: readonly string[]) => paths.map((path) => `/properties/${path}`)

const SCHEMA: Schema = {
  typeName: 'AWS::Young::Garden',
  properties: {
    GardenId: {},
    GardenName: {},
    Arn: {},
    Tags: {},
    BedCount: {},
    LastUsedAt: {},
    Code: {},
    Size: {},
  },
  primaryIdentifier: pointers('GardenId'),
  readOnlyProperties: pointers('GardenId', 'Arn', 'BedCount', 'LastUsedAt'),
  writeOnlyProperties: pointers('Code'),
  tagging: { taggable: true },
  handlers: { list: { permissions: ['young:List'] }, read: { permissions: ['young:Get', 'young:List'] } },
}

test('a schema of the registry is enough for identifier, ARN, name, tags, permissions and what is left out', () => {
  expect(typeFromSchema(SCHEMA)).toEqual({
    identifier: ['GardenId'],
    arn: 'Arn',
    name: 'GardenName',
    tags: 'Tags',
    hidden: ['BedCount', 'Code', 'LastUsedAt'],
    permissions: ['young:Get', 'young:List'],
  })
})

test('what changes by itself is left out also where it lies in something that is only read', () => {
  const properties = {
    Health: { properties: { Status: {}, LastCheckedAt: {} } },
    Beds: { items: { $ref: '#/definitions/Bed' } },
    Plan: { properties: { NextStep: {} } },
  }
  const definitions = {
    Bed: {
      properties: { Flowers: {}, FlowerCount: {}, CoreCount: {}, Inner: { $ref: '#/definitions/Bed' } },
    },
  }
  const readOnlyProperties = pointers('Health', 'Beds')
  const { hidden } = typeFromSchema({
    typeName: 'AWS::Young::Garden',
    properties,
    definitions,
    readOnlyProperties,
  })
  expect(hidden).toEqual(['Beds.*.FlowerCount', 'Health.LastCheckedAt'])
})

test.each([
  ['one blank, one part', ['BedId'], 'bed/{GardenBedId}', 'bed/{BedId}'],
  ['less than the identifier says', ['GardenId', 'BedId'], 'garden/{GardenId}', undefined],
  ['all parts', ['GardenId', 'BedId'], 'garden/{GardenId}/{BedId}', 'garden/{GardenId}/{BedId}'],
  ['an address in place of a name', ['BedUrl'], 'bed/{BedName}', undefined],
])(
  'a template of ARNs is taken where it says no less than the identifier: %s',
  (_, parts, path, expected) => {
    const arn = 'arn:{Partition}:young:{Region}:{Account}:'
    const schema = {
      ...SCHEMA,
      typeName: 'AWS::Young::Bed',
      readOnlyProperties: [],
      primaryIdentifier: pointers(...parts),
    }
    expect(typeFromSchema(schema, arn + path).arn).toBe(expected && arn + expected)
  },
)

const askFor = (required: readonly string[], properties: NonNullable<Schema['properties']> = {}) =>
  askOf({
    schema: { typeName: 'AWS::Young::Bed', properties, handlers: { list: { handlerSchema: { required } } } },
    references: [],
    candidates: [
      { name: 'AWS::Young::Garden', identifier: ['Arn'], properties: ['Arn', 'GardenId', 'GardenName'] },
      { name: 'AWS::Young::Hedge', identifier: ['GardenId', 'HedgeId'], properties: ['GardenId', 'HedgeId'] },
      { name: 'AWS::Young::RedRow', identifier: ['RowId'], properties: ['RowId'] },
      { name: 'AWS::Young::BlueRow', identifier: ['RowId'], properties: ['RowId'] },
      { name: 'AWS::Old::Fence', identifier: ['FenceId'], properties: ['FenceId'] },
    ],
  })

test('what a list has to be told comes from the account, from its own values, and from the parent that owns it', () => {
  expect(askFor([])).toBeUndefined()
  expect(askFor(['AccountId', 'Scope'], { Scope: { enum: ['A', 'B'] } })).toEqual({
    account: ['AccountId'],
    values: { Scope: ['A', 'B'] },
  })
  expect(askFor(['GardenId'])?.parent).toEqual({
    type: 'AWS::Young::Garden',
    properties: { GardenId: 'GardenId' },
  })
  expect(askFor(['GardenId', 'HedgeId'])?.parent?.type).toBe('AWS::Young::Hedge')
})

test('a parent is not guessed: not a sibling, not one of two that are alike, not one of another service', () => {
  for (const needed of ['RowId', 'FenceId', 'WaterId', 'Arn']) expect(askFor([needed])).toBeUndefined()
})
