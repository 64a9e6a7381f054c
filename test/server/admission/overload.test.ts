import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { AnySchema, DurationSchema } from '@bufbuild/protobuf/wkt'
import { Metadata } from '@grpc/grpc-js'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Authenticator } from '../../../src/access/index.ts'
import { GleanerError } from '../../../src/core/errors.ts'
import { createAdmission, type LoadLimits } from '../../../src/server/index.ts'
import { oneDomainDatabase, startApi, type TestApi } from '../../support/api-server.ts'
import { keptLog } from '../../support/kept-log.ts'
import { GET, getBytes, regionService } from '../region-service.ts'

const PATH = '/inventory/v1/region/get'
const HEALTH_CHECK = '/grpc.health.v1.Health/Check'

/** Takes the key for the domain that it belongs to; `root` is the system administrator's. */
const byDomain: Authenticator = {
  authenticate: async (key) => ({
    kind: 'api_key',
    apiKeyId: `api-key-${key}`,
    domainId: key === 'root' ? '' : key,
    role: 'ADMIN',
    projectIds: [],
  }),
  forget() {},
}

async function givenApi(limits: Partial<LoadLimits>) {
  const { service, seen } = regionService()
  const { logged, log } = keptLog()
  const admission = createAdmission(log, limits)
  const more = { admission, authenticator: byDomain }
  const api = await startApi([service], { drainMs: 1 }, oneDomainDatabase, more)
  api.health.setServing()
  onTestFinished(() => api.stop())
  const rest = (domain: string, regionId = 'r', request: object = {}) =>
    api.post(PATH, JSON.stringify({ region_id: regionId, ...request }), { authorization: `Bearer ${domain}` })
  return { api, admission, logged, seen, rest }
}

function overGrpc(api: TestApi, domain: string, regionId = 'r') {
  const metadata = new Metadata()
  metadata.set('token', domain)
  return api.call(GET, getBytes({ regionId }), { metadata })
}

/** A `google.rpc.Status`, as clients of Google's libraries read it. */
function readStatus(bytes: unknown) {
  if (!(bytes instanceof Uint8Array)) throw new Error('no details')
  const reader = new BinaryReader(bytes)
  reader.tag()
  const code = reader.int32()
  reader.tag()
  const message = reader.string()
  reader.tag()
  const { typeUrl, value } = fromBinary(AnySchema, reader.bytes())
  const info = new BinaryReader(value)
  info.tag()
  const { seconds, nanos } = fromBinary(DurationSchema, info.bytes())
  return { code, message, typeUrl, retryMs: Number(seconds) * 1_000 + nanos / 1_000_000 }
}

describe('a domain that has as many requests under way as it may', () => {
  test('is refused further ones before they begin, and told when to come back', async () => {
    const { api, seen, rest } = await givenApi({ maxRequestsPerDomain: 1 })
    const leaving = new AbortController()
    const metadata = new Metadata()
    metadata.set('token', 'flooding')
    const hanging = api.call(GET, getBytes({ regionId: 'hang' }), { metadata, signal: leaving.signal })
    await seen.hanging.promise
    seen.presence.clear()

    const [refusedRest, refusedGrpc] = await Promise.all([
      rest('flooding', 'r', { only: ['name'] }),
      overGrpc(api, 'flooding'),
    ])

    expect(refusedRest.status).toBe(429)
    expect(refusedRest.headers.get('retry-after')).toBe('1')
    expect(refusedRest.json()).toMatchObject({ detail: { code: 'ERROR_TOO_MANY_REQUESTS' } })
    expect(seen.presence.size).toBe(0)
    expect(refusedGrpc).toMatchObject({
      code: 8,
      details: expect.stringMatching(/^ERROR_TOO_MANY_REQUESTS: 1 requests of the domain are under way/),
    })
    expect(refusedGrpc.metadata?.get('grpc-retry-pushback-ms')).toEqual(['1000'])
    expect(readStatus(refusedGrpc.metadata?.get('grpc-status-details-bin')[0])).toEqual({
      code: 8,
      message: refusedGrpc.details,
      typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
      retryMs: 1_000,
    })

    expect((await rest('other')).status).toBe(200)
    leaving.abort()
    await hanging
    await expect.poll(async () => (await rest('flooding')).status).toBe(200)
  })

  test('keeps nobody from health and checks', async () => {
    const { api, seen, rest } = await givenApi({ maxRequestsPerDomain: 1, maxRequests: 1 })
    void rest('flooding', 'hang')
    await seen.hanging.promise
    expect((await rest('root', 'r', { domain_id: 'domain-aaaaaaaaaaaa' })).status).toBe(429)

    expect((await api.get('/check')).status).toBe(200)
    expect((await api.get('/openapi.json')).status).toBe(200)
    expect((await api.call(HEALTH_CHECK, new Uint8Array())).code).toBe(0)
  })
})

test('metrics that cannot be asked for now are refused with when to come back, as all else is', async () => {
  const busy = () =>
    Promise.reject(
      new GleanerError('exhausted', 'ERROR_TOO_MANY_REQUESTS', 'too many keys', { retryAfterMs: 4_001 }),
    )
  const authenticator: Authenticator = { authenticate: busy, forget() {} }
  const metrics = { text: async () => '', noteRequest: () => {} }
  const api = await startApi([], {}, oneDomainDatabase, { metrics, authenticator })
  onTestFinished(() => api.stop())
  const { status, headers } = await api.get('/metrics')
  expect([status, headers.get('retry-after')]).toEqual([429, '5'])
})

describe('a domain that asks too often', () => {
  test('is refused until it has waited, over both transports, and others are not', async () => {
    const { api, rest, admission, logged } = await givenApi({ requestsPerSecondPerDomain: 1 })
    const codes = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        at % 2 === 0
          ? rest('flooding').then(({ status }) => status)
          : overGrpc(api, 'flooding').then(({ code }) => code),
      ),
    )
    expect(codes).toEqual([200, 0, 200, 0, 200, 0, 200, 0, 200, 0])

    const refused = await Promise.all(Array.from({ length: 20 }, () => rest('flooding')))
    expect(refused.filter(({ status }) => status === 429).length).toBeGreaterThan(10)
    const overGrpcToo = await Promise.all(Array.from({ length: 20 }, () => overGrpc(api, 'flooding')))
    const pushback = overGrpcToo.find(({ code }) => code === 8)?.metadata?.get('grpc-retry-pushback-ms')
    expect(Number(pushback?.[0])).toBeGreaterThan(0)
    expect(Number(pushback?.[0])).toBeLessThanOrEqual(1_000)
    expect((await rest('other')).status).toBe(200)

    expect(admission.shed().rate).toBeGreaterThan(20)
    expect(admission.running()).toEqual({ requests: 0, streams: 0 })
    expect(logged.filter((line) => line.includes('calls are refused'))).toHaveLength(1)
  })

  test('uses up nothing of a domain that it names and may not act in', async () => {
    const { rest } = await givenApi({ requestsPerSecondPerDomain: 1 })
    const stolen = await Promise.all(
      Array.from({ length: 30 }, () => rest('flooding', 'r', { domain_id: 'other' })),
    )
    expect(new Set(stolen.map(({ status }) => status))).toEqual(new Set([403, 429]))

    expect((await rest('other')).status).toBe(200)
  })

  test('is counted where the system administrator acts for it, who is not', async () => {
    const { rest } = await givenApi({ requestsPerSecondPerDomain: 1 })
    const inDomain = { domain_id: 'domain-aaaaaaaaaaaa' }
    const asked = await Promise.all(Array.from({ length: 30 }, () => rest('root', 'r', inDomain)))
    expect(asked.filter(({ status }) => status === 429).length).toBeGreaterThan(10)
    const own = await Promise.all(Array.from({ length: 20 }, () => rest('domain-aaaaaaaaaaaa')))
    expect(own.filter(({ status }) => status === 429).length).toBeGreaterThan(10)
    expect((await rest('other')).status).toBe(200)
  })
})
