import { create, toJson } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CloudServiceInfoSchema } from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { CloudServiceTypeInfoSchema } from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_type_pb.ts'
import { RegionInfoSchema } from '../../../src/gen/spaceone/api/inventory/v1/region_pb.ts'
import {
  cloudServiceEntity,
  cloudServiceTypeEntity,
  getCloudService,
  getCloudServiceType,
  getRegion,
  listCloudServices,
  listCloudServiceTypes,
  listRegions,
  regionEntity,
} from '../../../src/inventory/read/index.ts'
import { compileList, type Entity } from '../../../src/query/index.ts'
import { testContext, toQuery } from '../../query/sample.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { type Given, givenDomain } from './given.ts'

const DOMAIN = 'domain-read'
let database: TestDatabase
let given: Given

beforeAll(async () => {
  database = await createTestDatabase()
  given = await givenDomain(database.db, DOMAIN)
  await given.cloudService({
    cloud_service_id: 'cloud-svc-1',
    name: 'web',
    account: '123',
    region_code: 'eu-1',
    project_id: 'project-1',
    instance_type: 'm5',
    instance_size: 1.5,
    ip_addresses: ['10.0.0.1', '::1'],
    resource_id: 'i-1',
    external_link: 'https://example.com/i-1',
    tags: { aws: { team: 'ops', Env: 'prod' }, custom: { a: '1' } },
    metadata: { aws: { view: {} } },
    data: { os: 'linux', big: 5 },
    updated_at: '2026-01-02T03:04:05.678Z',
  })
  await given.cloudService({
    cloud_service_id: 'cloud-svc-2',
    name: 'gone',
    state: 'DELETED',
    deleted_at: '2026-01-03T00:00:00Z',
  })
  await given.cloudService({
    cloud_service_id: 'cloud-svc-3',
    name: 'db',
    cloud_service_type: 'Database',
    provider: 'gcp',
  })
  await database.db.query(
    `insert into cloud_service_type (domain_id, cloud_service_type_id, name, provider, "group", service_code, is_primary,
                                     metadata, tags, labels, created_at, updated_at)
     values ($1, 'cloud-svc-type-1', 'Instance', 'aws', 'EC2', 'AmazonEC2', true, '{"view": {}}', '{"spaceone:icon": "x"}',
             '["Compute", "Server"]', '2026-01-01', '2026-01-01T00:00:00Z'),
            ($1, 'cloud-svc-type-2', 'Bucket', 'aws', 'S3', '', false, '{}', '{}', '[]', '2026-01-01', '2026-01-01')`,
    [DOMAIN],
  )
  await database.db.query(
    `insert into region (domain_id, region_id, name, region_code, provider, tags, created_at, updated_at)
     values ($1, 'region-1', 'Frankfurt', 'eu-central-1', 'aws', '{"continent": "europe"}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
            ($1, 'region-2', 'Seoul', 'ap-northeast-2', 'aws', '{}', '2026-01-01', '2026-01-01')`,
    [DOMAIN],
  )
})

afterAll(() => database.drop())

const ctx = () => testContext(database.db)

async function findServices(query: Parameters<typeof toQuery>[0], more = {}): Promise<unknown[]> {
  const { rows } = await listCloudServices(ctx(), { domainId: DOMAIN, query: toQuery(query), ...more })
  return rows.map((row) => row.cloudServiceId)
}

test('a cloud service is shown in the shape of the contract', async () => {
  const read = await getCloudService(ctx(), { domainId: DOMAIN, cloudServiceId: 'cloud-svc-1' })
  expect(
    toJson(CloudServiceInfoSchema, create(CloudServiceInfoSchema, read), { useProtoFieldName: true }),
  ).toEqual({
    cloud_service_id: 'cloud-svc-1',
    name: 'web',
    state: 'ACTIVE',
    account: '123',
    instance_type: 'm5',
    instance_size: 1.5,
    cloud_service_type: 'Instance',
    cloud_service_group: 'EC2',
    provider: 'aws',
    data: { os: 'linux', big: 5 },
    metadata: { aws: { view: {} } },
    reference: { resource_id: 'i-1', external_link: 'https://example.com/i-1' },
    tags: { aws: { team: 'ops', Env: 'prod' }, custom: { a: '1' } },
    tag_keys: { aws: ['Env', 'team'], custom: ['a'] },
    ip_addresses: ['10.0.0.1', '::1'],
    region_code: 'eu-1',
    project_id: 'project-1',
    domain_id: DOMAIN,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-02T03:04:05.678Z',
  })
})

test('a cloud service type is shown in the shape of the contract', async () => {
  const input = { domainId: DOMAIN, cloudServiceTypeId: 'cloud-svc-type-1' }
  const message = create(CloudServiceTypeInfoSchema, await getCloudServiceType(ctx(), input))
  expect(toJson(CloudServiceTypeInfoSchema, message, { useProtoFieldName: true })).toEqual({
    cloud_service_type_id: 'cloud-svc-type-1',
    name: 'Instance',
    provider: 'aws',
    group: 'EC2',
    cloud_service_type_key: 'aws.EC2.Instance',
    service_code: 'AmazonEC2',
    is_primary: true,
    resource_type: 'inventory.CloudService',
    metadata: { view: {} },
    tags: { 'spaceone:icon': 'x' },
    labels: ['Compute', 'Server'],
    domain_id: DOMAIN,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  })
})

test('a region is shown in the shape of the contract', async () => {
  const message = create(RegionInfoSchema, await getRegion(ctx(), { domainId: DOMAIN, regionId: 'region-1' }))
  expect(toJson(RegionInfoSchema, message, { useProtoFieldName: true })).toEqual({
    region_id: 'region-1',
    name: 'Frankfurt',
    region_key: 'aws.eu-central-1',
    region_code: 'eu-central-1',
    provider: 'aws',
    tags: { continent: 'europe' },
    domain_id: DOMAIN,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  })
})

test('DELETED resources are left out unless a condition looks at state', async () => {
  expect(await findServices({})).toEqual(['cloud-svc-3', 'cloud-svc-1'])
  expect(await findServices({}, { equals: { state: 'DELETED' } })).toEqual(['cloud-svc-2'])
  const both = { filter: [{ k: 'state', v: ['ACTIVE', 'DELETED'], o: 'in' }] }
  expect(await findServices(both)).toEqual(['cloud-svc-3', 'cloud-svc-2', 'cloud-svc-1'])
  const read = await getCloudService(ctx(), { domainId: DOMAIN, cloudServiceId: 'cloud-svc-2' })
  expect(read).toMatchObject({ state: 'DELETED', deletedAt: '2026-01-03T00:00:00.000Z' })
})

test.each([
  [{ key: 'tags.aws.team', operator: 'eq', value: 'ops' }, ['cloud-svc-1']],
  [{ key: 'tag_keys.aws', operator: 'eq', value: 'Env' }, ['cloud-svc-1']],
  [{ key: 'tag_keys.aws', operator: 'exists', value: false }, ['cloud-svc-3']],
  [{ key: 'data.big', operator: 'gt', value: 4 }, ['cloud-svc-1']],
  [{ key: 'reference.resource_id', operator: 'contain', value: 'I-' }, ['cloud-svc-1']],
  [{ key: 'instance_size', operator: 'eq', value: 1.5 }, ['cloud-svc-1']],
  [{ key: 'ip_addresses', operator: 'contain', value: '::' }, ['cloud-svc-1']],
  [{ key: 'provider', operator: 'not', value: 'aws' }, ['cloud-svc-3']],
  [{ key: 'collection_info', operator: 'exists', value: false }, ['cloud-svc-3', 'cloud-svc-1']],
  [{ key: 'domain_id', operator: 'eq', value: 'domain-other' }, []],
])('cloud services by %j', async (filter, found) => {
  expect(await findServices({ filter: [filter] })).toEqual(found)
})

test('the request field ip_address looks into the addresses', async () => {
  expect(await findServices({}, { equals: { ip_address: '::1' } })).toEqual(['cloud-svc-1'])
})

test.each(['resourceGroupId', 'projectGroupId'])(
  '%s is refused, because nothing here resolves it',
  async (field) => {
    await expect(findServices({}, { [field]: 'group-1' })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ERROR_INVALID_PARAMETER',
      message: expect.stringMatching(/groups are not part of this server/),
    })
  },
)

test('types and regions are found by their keys and keywords', async () => {
  const types = await listCloudServiceTypes(ctx(), {
    domainId: DOMAIN,
    equals: { cloud_service_type_key: 'aws.S3.Bucket' },
  })
  expect(types.rows.map((row) => row.cloudServiceTypeId)).toEqual(['cloud-svc-type-2'])
  const primary = await listCloudServiceTypes(ctx(), { domainId: DOMAIN, equals: { is_primary: true } })
  expect(primary.rows.map((row) => row.name)).toEqual(['Instance'])
  const labelled = toQuery({ filter: [{ key: 'labels', operator: 'eq', value: 'Server' }] })
  expect(await listCloudServiceTypes(ctx(), { domainId: DOMAIN, query: labelled })).toMatchObject({
    totalCount: 1,
  })
  const keyed = await listRegions(ctx(), { domainId: DOMAIN, equals: { region_key: 'aws.eu-central-1' } })
  expect(keyed.rows.map((row) => row.regionId)).toEqual(['region-1'])
  const words = await listRegions(ctx(), { domainId: DOMAIN, query: toQuery({ keyword: 'seoul NORTH' }) })
  expect(words.rows.map((row) => row.regionId)).toEqual(['region-2'])
})

test.each([
  ['cloud service', () => getCloudService(ctx(), { domainId: DOMAIN, cloudServiceId: 'nope' })],
  ['cloud service type', () => getCloudServiceType(ctx(), { domainId: DOMAIN, cloudServiceTypeId: 'nope' })],
  ['region', () => getRegion(ctx(), { domainId: DOMAIN, regionId: 'nope' })],
])('an unknown %s is NOT_FOUND', async (noun, get) => {
  await expect(get()).rejects.toMatchObject({ code: 'ERROR_NOT_FOUND', message: `${noun} 'nope' not found` })
})

test('another domain does not see any of it', async () => {
  await givenDomain(database.db, 'domain-other')
  const input = { domainId: 'domain-other' }
  expect(await listCloudServices(ctx(), input)).toEqual({ rows: [], totalCount: 0 })
  expect(await listCloudServiceTypes(ctx(), input)).toEqual({ rows: [], totalCount: 0 })
  expect(await listRegions(ctx(), input)).toEqual({ rows: [], totalCount: 0 })
  await expect(getRegion(ctx(), { ...input, regionId: 'region-1' })).rejects.toMatchObject({
    code: 'ERROR_NOT_FOUND',
  })
})

test.each([
  ['cloud service', cloudServiceEntity, CloudServiceInfoSchema],
  ['cloud service type', cloudServiceTypeEntity, CloudServiceTypeInfoSchema],
  ['region', regionEntity, RegionInfoSchema],
] as const)('the declaration of a %s has the fields of its message and no others', (_, entity, schema) => {
  expect(Object.keys(entity.fields).sort()).toEqual(schema.fields.map((field) => field.name).sort())
})

test.each([
  ['cloud service', cloudServiceEntity],
  ['cloud service type', cloudServiceTypeEntity],
  ['region', regionEntity],
] as const)('keywords, order, minimal and request fields of a %s exist', (_, entity) => {
  const declared = entity as Entity<object>
  const paths = [...declared.keywords, ...declared.minimal, ...declared.sort.map(({ key }) => key)]
  const query = toQuery({ only: [...paths, ...Object.values(declared.requestFields)], keyword: 'x' })
  expect(() => compileList(declared, { domainId: DOMAIN, query })).not.toThrow()
})
