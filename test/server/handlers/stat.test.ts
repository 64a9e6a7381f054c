import { create, fromBinary, fromJson, type JsonObject, toBinary, toJson } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StatisticsQuerySchema } from '../../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { CloudServiceStatQuerySchema } from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { PgBossQueue } from '../../../src/jobs/index.ts'
import { changeHistoryService } from '../../../src/server/handlers/change-history.ts'
import { cloudServiceService } from '../../../src/server/handlers/cloud-service.ts'
import { cloudServiceTypeService } from '../../../src/server/handlers/cloud-service-type.ts'
import { createCollectorService } from '../../../src/server/handlers/collector.ts'
import { jobService } from '../../../src/server/handlers/job.ts'
import { jobTaskService } from '../../../src/server/handlers/job-task.ts'
import { regionService } from '../../../src/server/handlers/region.ts'
import { bucketByHand, byHand } from '../../inventory/manual/support.ts'
import { givenDomain } from '../../inventory/read/given.ts'
import { givenContributor } from '../../inventory/write/support.ts'
import { ScriptedPlugins } from '../../jobs/scripted-plugins.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { givenKeyring } from '../../support/keyring.ts'
import { silentLog } from '../../support/silent-log.ts'

const DOMAIN = 'domain-stat'
let database: TestDatabase
let api: TestApi

beforeAll(async () => {
  database = await createTestDatabase()
  const { db, connection } = database
  const plugins = new ScriptedPlugins()
  const queue = new PgBossQueue({ connection, log: silentLog })
  for (const domainId of [DOMAIN, 'domain-stat-other']) {
    const given = await givenDomain(db, domainId)
    const { contributorId } = await givenContributor(db, domainId)
    await given.task({ taskId: 'job_task-1', contributorId })
    const hand = byHand(db, domainId)
    for (const account of ['1', '1', '2']) await hand.create('', { ...bucketByHand(''), account })
    await db.query(
      `insert into region (domain_id, region_id, name, region_code, provider, created_at, updated_at)
       values ($1, 'region-1', 'One', 'eu-1', 'acme', now(), now())`,
      [domainId],
    )
    await db.query(
      `insert into cloud_service_type (domain_id, cloud_service_type_id, name, provider, "group", created_at, updated_at)
       values ($1, 'type-1', 'Bucket', 'acme', 'ObjectStore', now(), now())`,
      [domainId],
    )
  }
  const services = [
    createCollectorService({
      registry: plugins.registry,
      plugins,
      queue,
      keyring: await givenKeyring(db),
      schedules: { ignorePluginSupport: false },
    }),
    jobService,
    jobTaskService,
    cloudServiceService,
    cloudServiceTypeService,
    regionService,
    changeHistoryService,
  ]
  api = await startApi(services, {}, db)
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
  return { status, json: json() }
}

test.each([
  ['collector', 1],
  ['job', 1],
  ['job-task', 1],
  ['cloud-service', 3],
  ['cloud-service-type', 1],
  ['region', 1],
  ['change-history', 3],
])('%s/stat counts what is in the domain, and nothing of another one', async (noun, count) => {
  const query = { aggregate: [{ count: { name: 'n' } }] }
  expect(await post(`${noun}/stat`, { query })).toEqual({ status: 200, json: { results: [{ n: count }] } })
  expect(await post(`${noun}/stat`, { query: {} })).toMatchObject({
    status: 400,
    json: { detail: { code: 'ERROR_REQUIRED_PARAMETER' } },
  })
})

const BY_ACCOUNT: JsonObject = {
  aggregate: [
    { group: { keys: [{ key: 'account', name: 'account' }], fields: [{ name: 'n', operator: 'count' }] } },
    { sort: { key: 'account' } },
  ],
}

test('groups are the same over both transports', async () => {
  const expected = {
    results: [
      { account: '1', n: 2 },
      { account: '2', n: 1 },
    ],
  }
  expect(await post('cloud-service/stat', { query: BY_ACCOUNT })).toMatchObject({
    status: 200,
    json: expected,
  })
  const request = create(CloudServiceStatQuerySchema, {
    domainId: DOMAIN,
    query: fromJson(StatisticsQuerySchema, BY_ACCOUNT),
  })
  const { code, bytes } = await api.call(
    '/spaceone.api.inventory.v1.CloudService/stat',
    toBinary(CloudServiceStatQuerySchema, request),
  )
  expect(code).toBe(0)
  expect(toJson(StructSchema, fromBinary(StructSchema, bytes ?? new Uint8Array()))).toMatchObject(expected)
})

test('the history of one resource is counted by action and origin', async () => {
  const { json } = await post('cloud-service/list', { account: '2' })
  const id = String(Reflect.get(Object((json as { results: object[] }).results[0]), 'cloud_service_id'))
  await byHand(database.db, DOMAIN).update(id, { name: 'x' })
  const keys = ['action', 'updated_by'].map((key) => ({ key, name: key }))
  const query = {
    aggregate: [{ group: { keys, fields: [{ name: 'n', operator: 'count' }] } }, { sort: { key: 'action' } }],
  }
  expect(await post('change-history/stat', { query, cloud_service_id: id })).toMatchObject({
    json: {
      results: [
        { action: 'CREATE', updated_by: 'USER', n: 1 },
        { action: 'UPDATE', updated_by: 'USER', n: 1 },
      ],
    },
  })
})

test('cloud services can be analyzed', async () => {
  const query = {
    group_by: ['account'],
    fields: { n: { operator: 'count' } },
    sort: [{ key: 'n', desc: true }],
  }
  expect(await post('cloud-service/analyze', { query })).toMatchObject({
    status: 200,
    json: {
      results: [
        { account: '1', n: 2 },
        { account: '2', n: 1 },
      ],
    },
  })
})
