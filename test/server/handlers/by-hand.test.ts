import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  toBinary,
  toJson,
} from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ChangeHistoryInfo,
  ChangeHistoryInfoSchema,
  ChangeHistoryQuerySchema,
} from '../../../src/gen/spaceone/api/inventory/v1/change_history_pb.ts'
import {
  CloudServiceInfoSchema,
  CloudServiceRequestSchema,
  CreateServiceRequestSchema,
  UpdateCloudServiceRequestSchema,
} from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import {
  CloudServiceTypeInfoSchema,
  CreateCloudServiceTypeRequestSchema,
  UpdateCloudServiceTypeRequestSchema,
} from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_type_pb.ts'
import { changeHistoryService } from '../../../src/server/handlers/change-history.ts'
import { cloudServiceService } from '../../../src/server/handlers/cloud-service.ts'
import { cloudServiceTypeService } from '../../../src/server/handlers/cloud-service-type.ts'
import { regionService } from '../../../src/server/handlers/region.ts'
import { givenDomain } from '../../inventory/read/given.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const DOMAIN = 'domain-by-hand'
let database: TestDatabase
let api: TestApi

beforeAll(async () => {
  database = await createTestDatabase()
  await givenDomain(database.db, DOMAIN)
  await givenDomain(database.db, 'domain-other')
  const services = [cloudServiceService, cloudServiceTypeService, regionService, changeHistoryService]
  api = await startApi(services, {}, database.db)
})

afterAll(async () => {
  await api.stop()
  await database.drop()
})

async function post(path: string, body: object) {
  const { status, json } = await api.post(
    `/inventory/v1/${path}`,
    JSON.stringify({ domain_id: DOMAIN, ...body }),
  )
  return { status, json: json() as Record<string, never> }
}

async function call<I extends DescMessage, O extends DescMessage>(
  method: string,
  input: I,
  request: MessageInitShape<I>,
  output: O,
) {
  const bytes = toBinary(input, create(input, request))
  const answer = await api.call(`/spaceone.api.inventory.v1.${method}`, bytes)
  if (answer.code !== 0) return { code: answer.code, details: answer.details, json: undefined }
  const message = fromBinary(output, answer.bytes ?? new Uint8Array())
  const json = toJson(output, message, { useProtoFieldName: true, alwaysEmitImplicit: true })
  return { code: 0, details: '', json }
}

const BUCKET = {
  provider: 'acme',
  cloud_service_group: 'ObjectStore',
  cloud_service_type: 'Bucket',
  name: 'backup',
  data: { size: 1 },
}

describe('a cloud service by hand', () => {
  test('over REST: created, changed field by field, deleted, with its history', async () => {
    const created = await post('cloud-service/create', {
      ...BUCKET,
      reference: { resource_id: 'r' },
      tags: { a: '1' },
    })
    expect(created).toMatchObject({
      status: 200,
      json: {
        name: 'backup',
        state: 'ACTIVE',
        tags: { acme: { a: '1' } },
        tag_keys: { acme: ['a'] },
        reference: { resource_id: 'r' },
        collection_info: [],
      },
    })
    const key = { cloud_service_id: created.json.cloud_service_id }
    const updated = await post('cloud-service/update', {
      ...key,
      name: '',
      instance_size: 1.5,
      data: { owner: 'me' },
      tags: { b: '2' },
      reference: { external_link: 'https://x' },
    })
    expect(updated).toMatchObject({
      status: 200,
      json: {
        name: '',
        instance_size: 1.5,
        data: { size: 1, owner: 'me' },
        tags: { acme: { a: '1' }, custom: { b: '2' } },
        reference: { resource_id: 'r', external_link: 'https://x' },
      },
    })
    expect(await post('cloud-service/delete', key)).toEqual({ status: 200, json: {} })
    expect(await post('cloud-service/get', key)).toMatchObject({ json: { state: 'DELETED' } })

    const history = await post('change-history/list', key)
    expect(history).toMatchObject({
      status: 200,
      json: {
        total_count: 3,
        results: [
          { action: 'DELETE' },
          { action: 'UPDATE', updated_by: 'USER' },
          { action: 'CREATE', diff: [] },
        ],
      },
    })
    expect(await post('change-history/list', { ...key, action: 'DELETE' })).toMatchObject({
      json: { total_count: 1 },
    })
  })

  test('over gRPC: the same, where an absent scalar cannot be told from an empty one', async () => {
    const { reference: _, ...given } = { ...BUCKET, reference: undefined }
    const created = await call(
      'CloudService/create',
      CreateServiceRequestSchema,
      {
        domainId: DOMAIN,
        provider: given.provider,
        cloudServiceGroup: given.cloud_service_group,
        cloudServiceType: given.cloud_service_type,
        name: given.name,
        data: given.data,
        reference: { resourceId: 'g' },
      },
      CloudServiceInfoSchema,
    )
    expect(created.json).toMatchObject({ name: 'backup', data: { size: 1 }, reference: { resource_id: 'g' } })
    const cloudServiceId = String(Reflect.get(Object(created.json), 'cloud_service_id'))
    const updated = await call(
      'CloudService/update',
      UpdateCloudServiceRequestSchema,
      { domainId: DOMAIN, cloudServiceId, name: '', data: {}, tags: { b: 2 }, releaseProject: true },
      CloudServiceInfoSchema,
    )
    expect(updated.json).toMatchObject({ name: 'backup', data: {}, tags: { custom: { b: 2 } } })
    const key = { domainId: DOMAIN, cloudServiceId }
    const deleted = await call('CloudService/delete', CloudServiceRequestSchema, key, CloudServiceInfoSchema)
    expect(deleted.code).toBe(0)
    const listed = await call('ChangeHistory/list', ChangeHistoryQuerySchema, key, ChangeHistoryInfoSchema)
    expect(listed.json).toMatchObject({
      total_count: 3,
      results: [
        { action: 'DELETE', diff: [{ key: 'state', before: 'ACTIVE', after: 'DELETED', type: 'CHANGED' }] },
        { action: 'UPDATE', diff_count: 2 },
        { action: 'CREATE', updated_by: 'USER', domain_id: DOMAIN },
      ],
    } satisfies { total_count: number; results: object[] } & Partial<
      Record<keyof ChangeHistoryInfo, unknown>
    >)
  })

  test('refusals have their status on both transports', async () => {
    const body = { ...BUCKET, reference: { resource_id: 'twin' } }
    const { json } = await post('cloud-service/create', body)
    const twin = await post('cloud-service/create', body)
    expect(twin).toMatchObject({
      status: 409,
      json: {
        detail: { code: 'ERROR_NOT_UNIQUE', message: expect.stringContaining(`${json.cloud_service_id}`) },
      },
    })
    const unknown = { domainId: DOMAIN, cloudServiceId: 'nope' }
    expect(
      await call('CloudService/update', UpdateCloudServiceRequestSchema, unknown, CloudServiceInfoSchema),
    ).toMatchObject({
      code: 5,
    })
    expect(await post('cloud-service/create', { provider: 'acme' })).toMatchObject({
      status: 400,
      json: { detail: { code: 'ERROR_REQUIRED_PARAMETER' } },
    })
    const elsewhere = { domain_id: 'domain-other', cloud_service_id: json.cloud_service_id }
    expect(await post('cloud-service/delete', elsewhere)).toMatchObject({ status: 404 })
    expect(await post('change-history/list', elsewhere)).toMatchObject({
      json: { results: [], total_count: 0 },
    })
  })
})

test('false and empty lists of a type are told from absent ones over REST, not over gRPC', async () => {
  const type = { name: 'Bucket', group: 'ObjectStore', provider: 'acme', is_primary: true, labels: ['a'] }
  const { json } = await post('cloud-service-type/create', type)
  expect(json).toMatchObject({ is_primary: true, labels: ['a'], resource_type: 'inventory.CloudService' })
  const cloudServiceTypeId = String(json.cloud_service_type_id)
  const grpc = await call(
    'CloudServiceType/update',
    UpdateCloudServiceTypeRequestSchema,
    { domainId: DOMAIN, cloudServiceTypeId, isPrimary: false, serviceCode: 'S3' },
    CloudServiceTypeInfoSchema,
  )
  expect(grpc.json).toMatchObject({ is_primary: true, service_code: 'S3', labels: ['a'] })
  const key = { cloud_service_type_id: cloudServiceTypeId }
  const rest = await post('cloud-service-type/update', { ...key, is_primary: false, labels: [] })
  expect(rest.json).toMatchObject({ is_primary: false, labels: [], service_code: 'S3' })
  expect(await post('cloud-service-type/delete', key)).toEqual({ status: 200, json: {} })
  expect(await post('cloud-service-type/get', key)).toMatchObject({ status: 404 })
  const twin = { domainId: DOMAIN, name: 'Bucket', group: 'ObjectStore', provider: 'acme' }
  const again = await call(
    'CloudServiceType/create',
    CreateCloudServiceTypeRequestSchema,
    twin,
    CloudServiceTypeInfoSchema,
  )
  expect(again.code).toBe(0)
})

test('a region by hand', async () => {
  const region = { name: 'One', region_code: 'eu-1', provider: 'acme', tags: { a: '1' } }
  const { json } = await post('region/create', region)
  const key = { region_id: json.region_id }
  expect(json).toMatchObject({ ...region, region_key: 'acme.eu-1' })
  expect(await post('region/create', region)).toMatchObject({ status: 409 })
  expect(await post('region/update', { ...key, tags: {} })).toMatchObject({ json: { name: 'One', tags: {} } })
  expect(await post('region/delete', key)).toEqual({ status: 200, json: {} })
  expect(await post('region/delete', key)).toMatchObject({ status: 404 })
})
