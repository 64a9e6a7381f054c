import { create, fromBinary, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { Metadata } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PluginDescriptionSchema } from '../../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import {
  CloudServiceQuerySchema,
  CloudServicesInfoSchema,
} from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { serveCoverage } from '../served.ts'
import { errorResource, openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { givenCloud, run } = coverage
const api = await serveCoverage(coverage.db, coverage.now)
afterAll(async () => {
  await api.stop()
  await coverage.close()
})

const HEADER = 'x-gleaner-coverage'
const LIST = '/inventory/v1/cloud-service/list'
const HOUR = 3_600_000

type Completeness = {
  complete: boolean
  complete_count: number
  total_count: number
  oldest_evidence_at: string
  incomplete: { region_code: string; state: string; reason: string }[]
}

/** Calls over REST and returns what the answer says of its own completeness; undefined when nothing. */
async function completenessOf(
  path: string,
  body: JsonObject,
  asks = true,
): Promise<Completeness | undefined> {
  const response = await fetch(`http://127.0.0.1:${api.httpPort}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(asks ? { [HEADER]: '1' } : {}) },
    body: JSON.stringify(body),
  })
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
  const text = response.headers.get(HEADER)
  return text === null ? undefined : JSON.parse(text)
}

const DENIED = {
  provider: 'acme',
  cloud_service_group: 'Store',
  cloud_service_type: 'Bucket',
  account: 'acc-1',
  region_code: 'us-1',
}
/** Ids are bound to regions, so that one which is denied says nothing about the others. */
const REGIONAL = {
  describe: () =>
    create(PluginDescriptionSchema, {
      resourceTypes: ['Bucket', 'Disk'].map((type) => ({ group: 'Store', type, idsAreRegional: true })),
    }),
}

/** Buckets in two regions and a disk in one; the newest run was denied the buckets of us-1. */
async function givenDeniedRegion() {
  const readable = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk', region: 'us-1' })]
  const { cloud, ...collector } = await givenCloud(
    [...readable, thing({ id: 'b', region: 'us-1' })],
    REGIONAL,
  )
  await run(collector)
  cloud.sends = [...readable, errorResource('AccessDenied: no', DENIED)]
  await run(collector)
  return collector
}

let denied: { domainId: string; collectorId: string }
let other: { domainId: string; collectorId: string }
beforeAll(async () => {
  denied = await givenDeniedRegion()
  other = await givenCloud([thing({ id: 'x', account: 'acc-2' })])
  await coverage.moveTo(other.collectorId, other.domainId, denied.domainId)
  await run({ ...other, domainId: denied.domainId })
})

test('an answer says how complete it is, only to those who ask, and where it is about what was collected', async () => {
  const body = { domain_id: denied.domainId }
  expect(await completenessOf(LIST, body, false)).toBeUndefined()
  expect(await completenessOf('/gleaner/v1/coverage/list', body)).toBeUndefined()

  expect(await completenessOf(LIST, body)).toEqual({
    complete: false,
    complete_count: 3,
    accepted_count: 0,
    complete_or_accepted: false,
    total_count: 4,
    oldest_evidence_at: new Date(coverage.now().getTime() - 2 * HOUR).toISOString(),
    incomplete: [
      {
        ...DENIED,
        collector_id: denied.collectorId,
        state: 'partial',
        reason: 'the newest run did not list it completely (denied: AccessDenied: no)',
      },
    ],
  })
})

const on = (k: string, v: JsonObject[string], o = 'eq') => ({ k, v, o })

describe('a question is about the cells that its conditions leave', () => {
  test.each<[string, JsonObject, complete: number, total: number]>([
    ['a region', { region_code: 'eu-1' }, 2, 2],
    ['a denied region', { region_code: 'us-1' }, 1, 2],
    ['a region and a kind', { region_code: 'us-1', cloud_service_type: 'Disk' }, 1, 1],
    ['another account', { account: 'acc-2' }, 1, 1],
    ['a place that nobody knows', { region_code: 'mars-1' }, 0, 0],
    ['a filter', { query: { filter: [on('region_code', 'us-1')] } }, 1, 2],
    ['all but one region', { query: { filter: [on('region_code', 'us-1', 'not')] } }, 2, 2],
    ['some regions', { query: { filter: [on('region_code', ['us-1', 'eu-1'], 'in')] } }, 3, 4],
    ['none of some', { query: { filter: [on('region_code', ['us-1'], 'not_in')] } }, 2, 2],
    ['a part of a name', { query: { filter: [on('cloud_service_type', 'DIS', 'contain')] } }, 1, 1],
    [
      'alternatives',
      { query: { filter_or: [on('account', 'acc-2'), on('cloud_service_type', 'Disk')] } },
      2,
      2,
    ],
    ['no account', { query: { filter: [on('account', null)] } }, 0, 0],
    // What cannot be decided excludes nothing.
    ['a pattern', { query: { filter: [on('region_code', '^eu', 'regex')] } }, 3, 4],
    ['a name', { query: { filter: [on('name', 'a')] } }, 3, 4],
    ['an open alternative', { query: { filter_or: [on('name', 'a'), on('account', 'acc-2')] } }, 3, 4],
    ['words', { query: { keyword: 'disk' } }, 3, 4],
  ])('%s', async (_, body, complete, total) => {
    expect(await completenessOf(LIST, { domain_id: denied.domainId, ...body })).toMatchObject({
      complete: total > 0 && complete === total,
      complete_count: complete,
      total_count: total,
    })
  })

  test('a collector', async () => {
    const filter = [on('collection_info.collector_id', other.collectorId)]
    expect(await completenessOf(LIST, { domain_id: denied.domainId, query: { filter } })).toMatchObject({
      complete: true,
      total_count: 1,
    })
  })
})

test('figures and the search box say it as well', async () => {
  const domain_id = denied.domainId
  const filter = [on('region_code', 'us-1')]
  const expected = { complete: false, complete_count: 1, total_count: 2 }
  const aggregate = [{ count: { name: 'n' } }]
  const stat = { domain_id, query: { filter, aggregate } }
  expect(await completenessOf('/inventory/v1/cloud-service/stat', stat)).toMatchObject(expected)
  const fields = { n: { operator: 'count' } }
  const analyze = { domain_id, query: { filter, group_by: ['region_code'], fields } }
  expect(await completenessOf('/inventory/v1/cloud-service/analyze', analyze)).toMatchObject(expected)
  const search = { domain_id, text: 'region:us-1 type:buck' }
  expect(await completenessOf('/gleaner/v1/search/resources', search)).toMatchObject({
    complete: false,
    total_count: 1,
  })
})

test('over gRPC it is metadata, and the message stays as it is', async () => {
  const request = create(CloudServiceQuerySchema, { domainId: denied.domainId, regionCode: 'us-1' })
  const ask = (metadata: Metadata) => {
    const { promise, resolve } = Promise.withResolvers<{ header: Metadata; bytes: Buffer }>()
    const header = Promise.withResolvers<Metadata>()
    const call = api.grpcClient.makeUnaryRequest(
      '/spaceone.api.inventory.v1.CloudService/list',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      Buffer.from(toBinary(CloudServiceQuerySchema, request)),
      metadata,
      async (error, bytes) =>
        resolve({ header: await header.promise, bytes: bytes ?? Buffer.from(String(error)) }),
    )
    call.on('metadata', header.resolve)
    return promise
  }
  const asking = new Metadata()
  asking.set(HEADER, '1')
  const plain = await ask(new Metadata())
  const asked = await ask(asking)

  expect(plain.header.get(HEADER)).toEqual([])
  expect(asked.bytes).toEqual(plain.bytes)
  expect(fromBinary(CloudServicesInfoSchema, asked.bytes).totalCount).toBe(2)
  const [text = ''] = asked.header.get(HEADER)
  expect(JSON.parse(String(text))).toMatchObject({ complete_count: 1, total_count: 2 })
})

describe('what nobody has ever seen', () => {
  test('is asked for where a failure names it: a region that was denied from the first day on', async () => {
    const { cloud: _, ...collector } = await givenCloud(
      [thing({ id: 'a' }), errorResource('Forbidden', DENIED)],
      REGIONAL,
    )
    await run(collector)
    const domain_id = collector.domainId

    expect(await completenessOf(LIST, { domain_id, region_code: 'us-1' })).toMatchObject({
      complete: false,
      total_count: 1,
      incomplete: [{ region_code: 'us-1', state: 'unknown' }],
    })
    const ledger = await api.post<{ results: object[] }>('/gleaner/v1/coverage/list', { domain_id })
    expect(ledger.results).toMatchObject([
      { region_code: 'eu-1', state: 'unknown', count: 1 },
      { region_code: 'us-1', state: 'unknown', count: 0, last_failure: { class: 'denied' } },
    ])
  })

  test('is no longer asked for once it was read and nothing was there', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), errorResource('Forbidden', DENIED)])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]
    await run(collector)

    expect(await completenessOf(LIST, { domain_id: collector.domainId })).toMatchObject({
      complete: true,
      total_count: 1,
    })
  })

  test('may be anywhere for a collector that never got anything', async () => {
    const { cloud, ...collector } = await givenCloud([])
    cloud.fails = pluginFailure(false)
    await run(collector)

    expect(await completenessOf(LIST, { domain_id: collector.domainId, region_code: 'eu-1' })).toMatchObject({
      complete: false,
      complete_count: 0,
      total_count: 1,
      oldest_evidence_at: '',
    })
  })
})

test('many incomplete cells with long and foreign names stay within what fits beside an answer', async () => {
  const region = (at: number) => `${'região-ひ'.repeat(8)}${at}`
  const all = Array.from({ length: 60 }, (_, at) => thing({ id: `r${at}`, region: region(at) }))
  const { cloud, ...collector } = await givenCloud(all)
  await run(collector)
  cloud.fails = pluginFailure(false)
  await run(collector)

  const told = await completenessOf(LIST, { domain_id: collector.domainId })

  expect(told).toMatchObject({ complete_count: 0, total_count: 60 })
  expect(told?.incomplete.length).toBeGreaterThan(0)
  expect(told?.incomplete[0]?.region_code).toMatch(/^região-ひ/)
})
