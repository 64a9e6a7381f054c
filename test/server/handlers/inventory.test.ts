import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  CloudServiceQuerySchema,
  CloudServicesInfoSchema,
} from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { cloudServiceService } from '../../../src/server/handlers/cloud-service.ts'
import { cloudServiceTypeService } from '../../../src/server/handlers/cloud-service-type.ts'
import { regionService } from '../../../src/server/handlers/region.ts'
import { createServerInfoService } from '../../../src/server/handlers/server-info.ts'
import { givenDomain } from '../../inventory/read/given.ts'
import { toQuery } from '../../query/sample.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const DOMAIN = 'domain-handlers'
let database: TestDatabase
let api: TestApi

beforeAll(async () => {
  database = await createTestDatabase()
  const given = await givenDomain(database.db, DOMAIN)
  await given.cloudService({ cloud_service_id: 'cloud-svc-1', name: 'web', ip_addresses: ['10.0.0.1'] })
  await given.cloudService({ cloud_service_id: 'cloud-svc-2', name: 'db' })
  await database.db.query(
    `insert into cloud_service_type (domain_id, cloud_service_type_id, name, provider, "group", is_primary, created_at, updated_at)
     values ($1, 'cloud-svc-type-1', 'Instance', 'aws', 'EC2', true, now(), now()),
            ($1, 'cloud-svc-type-2', 'Volume', 'aws', 'EC2', false, now(), now())`,
    [DOMAIN],
  )
  await database.db.query(
    `insert into region (domain_id, region_id, name, region_code, provider, created_at, updated_at)
     values ($1, 'region-1', 'Frankfurt', 'eu-central-1', 'aws', now(), now())`,
    [DOMAIN],
  )
  const services = [
    cloudServiceService,
    cloudServiceTypeService,
    regionService,
    createServerInfoService({ version: '1.2.3' }),
  ]
  api = await startApi(services, {}, database.db)
})

afterAll(async () => {
  await api.stop()
  await database.drop()
})

async function post(path: string, body: object): Promise<{ status: number; json: unknown }> {
  const { status, json } = await api.post(
    `/inventory/v1/${path}`,
    JSON.stringify({ domain_id: DOMAIN, ...body }),
  )
  return { status, json: json() }
}

test('a list over REST and over gRPC finds the same', async () => {
  const query = { filter: [{ k: 'name', v: 'WE', o: 'contain' }], page: { limit: 1 } }
  const rest = await post('cloud-service/list', { query, ip_address: '10.0.0.1' })
  expect(rest).toMatchObject({
    status: 200,
    json: { results: [{ cloud_service_id: 'cloud-svc-1', ip_addresses: ['10.0.0.1'] }], total_count: 1 },
  })

  const request = create(CloudServiceQuerySchema, {
    domainId: DOMAIN,
    query: toQuery(query),
    ipAddress: '10.0.0.1',
  })
  const grpc = await api.call(
    '/spaceone.api.inventory.v1.CloudService/list',
    toBinary(CloudServiceQuerySchema, request),
  )
  expect(fromBinary(CloudServicesInfoSchema, grpc.bytes ?? new Uint8Array())).toMatchObject({
    results: [{ cloudServiceId: 'cloud-svc-1', ipAddresses: ['10.0.0.1'] }],
    totalCount: 1,
  })
})

test('each service gets by id, lists, and says what is not there', async () => {
  const ids = { 'cloud-service': 'cloud-svc-1', 'cloud-service-type': 'cloud-svc-type-1', region: 'region-1' }
  for (const [noun, id] of Object.entries(ids)) {
    const key = `${noun.replaceAll('-', '_')}_id`
    expect(await post(`${noun}/get`, { [key]: id })).toMatchObject({ status: 200, json: { [key]: id } })
    expect(await post(`${noun}/get`, { [key]: 'nope' })).toMatchObject({ status: 404 })
    expect(await post(`${noun}/get`, {})).toMatchObject({
      json: { detail: { code: 'ERROR_REQUIRED_PARAMETER' } },
    })
    const listed = await post(`${noun}/list`, { [key]: id })
    expect(listed).toMatchObject({ status: 200, json: { results: [{ [key]: id }], total_count: 1 } })
  }
})

test('false narrows over REST when it was sent', async () => {
  const names = async (body: object) => {
    const { json } = await post('cloud-service-type/list', { ...body, query: { only: ['name'] } })
    return (json as { results: { name: string }[] }).results.map(({ name }) => name)
  }
  expect(await names({})).toEqual(['Instance', 'Volume'])
  expect(await names({ is_primary: true })).toEqual(['Instance'])
  expect(await names({ is_primary: false })).toEqual(['Volume'])
})

test('fields that were not selected are absent over REST, selected ones are there even when empty', async () => {
  const only = ['name', 'account', 'reference.resource_id']
  const { json } = await post('cloud-service/list', { name: 'web', query: { only } })
  expect(json).toEqual({
    results: [{ name: 'web', account: '', reference: { resource_id: '' } }],
    total_count: 1,
  })

  const none = await post('cloud-service/list', { name: 'nobody', query: { only } })
  expect(none.json).toEqual({ results: [], total_count: 0 })
})

test('a bad query is refused with its place', async () => {
  const query = { filter: [{ key: 'name', operator: 'like', value: 'x' }] }
  expect(await post('region/list', { query })).toMatchObject({
    status: 400,
    json: {
      detail: { code: 'ERROR_DB_QUERY', message: expect.stringContaining("'query.filter[0].operator'") },
    },
  })
  expect(await post('cloud-service/list', { project_group_id: 'pg-1' })).toMatchObject({
    status: 400,
    json: {
      detail: { code: 'ERROR_INVALID_PARAMETER', message: expect.stringContaining("'project_group_id'") },
    },
  })
})

test('the version needs no domain', async () => {
  const { code, bytes } = await api.call('/spaceone.api.core.v1.ServerInfo/get_version', new Uint8Array())
  expect(code).toBe(0)
  expect(bytes?.toString()).toContain('1.2.3')
})
