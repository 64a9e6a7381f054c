import { fromBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  GetRegionRequestSchema,
  RegionInfoSchema,
} from '../../src/gen/spaceone/api/inventory/v1/region_pb.ts'
import { KNOWN_DOMAIN, startApi, type TestApi } from '../support/api-server.ts'
import { CREATE, createBytes, GET, getBytes, regionService } from './region-service.ts'

const PATH = '/inventory/v1/region/get'

let api: TestApi
const { service, seen } = regionService()
beforeAll(async () => {
  api = await startApi([service])
})
afterAll(() => api.stop())

/** The same request in both forms, and what both have to answer. */
const CASES = [
  ['no domain', { regionId: 'r' }, 3, 400, 'ERROR_REQUIRED_PARAMETER', "parameter 'domain_id' is required"],
  ['an unknown domain', { domainId: 'domain-x' }, 5, 404, 'ERROR_NOT_FOUND', "domain 'domain-x' not found"],
  ['an unknown id', known('missing'), 5, 404, 'ERROR_NOT_FOUND', "region 'missing' not found"],
  ['a state that forbids it', known('busy'), 9, 400, 'ERROR_COLLECTOR_STATE', "collector 'c' is disabled"],
  ['a conflict', known('conflict'), 10, 409, 'ERROR_CONFLICT', 'somebody else changed it'],
  ['too much at once', known('exhausted'), 8, 429, 'ERROR_OVERLOADED', 'too many requests'],
  [
    'a message that is no plain text',
    known('newline'),
    3,
    400,
    'ERROR_INVALID_PARAMETER',
    'two\nlines, an ü',
  ],
  ['a message far too long', known('long'), 3, 400, 'ERROR_INVALID_PARAMETER', 'xxxxx'],
  ['a bug', known('bug'), 13, 500, 'ERROR_UNKNOWN', 'the server failed in a way it did not expect'],
] as const

describe('both transports give the same answer', () => {
  test.each(CASES)('to %s', async (_what, request, grpcCode, httpStatus, code, message) => {
    const [overGrpc, overRest] = await Promise.all([
      api.call(GET, getBytes(request)),
      api.post(PATH, JSON.stringify({ region_id: '', domain_id: '', ...snake(request) })),
    ])
    expect(overGrpc.code).toBe(grpcCode)
    expect(overGrpc.details).toContain(`${code}: ${message}`)
    expect(overRest.status).toBe(httpStatus)
    expect(overRest.json()).toEqual({ detail: { code, message: expect.stringContaining(message) } })
  })

  test('to a method that is not implemented', async () => {
    const overGrpc = await api.call('/spaceone.api.inventory.v1.Region/update', new Uint8Array())
    const overRest = await api.post('/inventory/v1/region/update', '{}')
    expect(overGrpc).toMatchObject({ code: 12, details: expect.stringMatching(/^ERROR_UNIMPLEMENTED: /) })
    expect(overRest).toMatchObject({ status: 501, text: expect.stringContaining('"ERROR_UNIMPLEMENTED"') })
  })

  test('when all is well', async () => {
    const { bytes } = await api.call(GET, getBytes(known('region-1')))
    const message = fromBinary(RegionInfoSchema, bytes ?? new Uint8Array())
    const { text } = await api.post(PATH, JSON.stringify({ region_id: 'region-1', domain_id: KNOWN_DOMAIN }))
    expect(message).toMatchObject({ regionId: 'region-1', domainId: KNOWN_DOMAIN, tags: { level: 1 } })
    expect(JSON.parse(text)).toEqual({
      region_id: 'region-1',
      name: '',
      region_key: '',
      region_code: '',
      provider: 'aws',
      tags: { level: 1 },
      domain_id: KNOWN_DOMAIN,
      created_at: '',
      updated_at: '',
    })
  })

  test('with an empty message', async () => {
    const { code, bytes } = await api.call('/spaceone.api.inventory.v1.Region/delete', new Uint8Array())
    const { status, text } = await api.post('/inventory/v1/region/delete', '{}')
    expect({ code, length: bytes?.length }).toEqual({ code: 0, length: 0 })
    expect({ status, text }).toEqual({ status: 200, text: '{}' })
  })
})

describe('an unexpected error', () => {
  test('is logged whole under the request id, and none of it leaves', async () => {
    const { text } = await api.post(PATH, JSON.stringify({ region_id: 'bug', domain_id: KNOWN_DOMAIN }))
    const requestId = /req-[0-9a-f]{12}/.exec(text)?.[0]
    const line = api.log.find((each) => each.level === 'error' && each.requestId === requestId)
    expect(text).not.toContain('secret')
    expect(String(line?.err)).toContain('select secret_data from secret')
  })
})

describe('every request', () => {
  test('is one log line with id, method, domain, code and time, and without its content', async () => {
    api.log.length = 0
    await api.call(GET, getBytes(known('missing')))
    const lines = api.log.filter((line) => line.message === 'request')
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: expect.stringMatching(/^req-[0-9a-f]{12}$/),
        transport: 'grpc',
        method: 'spaceone.api.inventory.v1.Region.get',
        domainId: KNOWN_DOMAIN,
        code: 'ERROR_NOT_FOUND',
        ms: expect.any(Number),
      },
    ])
  })
})

describe('whether a field was sent', () => {
  const paths = ['region_id', 'domain_id', 'only', 'nothing', 'region_id.inner']

  test('is told by the keys of JSON, null meaning absent', async () => {
    const request = { region_id: '', domain_id: KNOWN_DOMAIN, only: paths }
    await api.post(PATH, JSON.stringify(request))
    expect(Object.fromEntries(seen.presence)).toEqual({
      region_id: true,
      domain_id: true,
      only: true,
      nothing: false,
      'region_id.inner': false,
    })
    await api.post(PATH, JSON.stringify({ ...request, region_id: null }))
    expect(seen.presence.get('region_id')).toBe(false)
  })

  test('is told by a value other than the default over gRPC', async () => {
    await api.call(GET, getBytes({ regionId: '', domainId: KNOWN_DOMAIN, only: paths }))
    expect(seen.presence.get('region_id')).toBe(false)
    expect(seen.presence.get('domain_id')).toBe(true)
    expect(seen.presence.get('only')).toBe(true)
  })
})

describe('keys that are special in JavaScript', () => {
  const tags = '{"__proto__":{"polluted":1},"constructor":{"prototype":2},"$typeName":"x","toString":3}'

  test('are plain data over REST', async () => {
    const body = `{"name":"special","domain_id":"${KNOWN_DOMAIN}","tags":${tags}}`
    const { text } = await api.post('/inventory/v1/region/create', body)
    expect(text).toContain(`"tags":${tags}`)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  test('are plain data over gRPC', async () => {
    const request = createBytes({ name: 'special', domainId: KNOWN_DOMAIN, tags: JSON.parse(tags) })
    const { bytes } = await api.call(CREATE, request)
    const answer = fromBinary(RegionInfoSchema, bytes ?? new Uint8Array())
    expect(JSON.stringify(answer.tags)).toBe(tags)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

function known(regionId: string) {
  return { regionId, domainId: KNOWN_DOMAIN }
}

function snake(request: { regionId?: string; domainId?: string }) {
  const byLocalName = new Map(GetRegionRequestSchema.fields.map((field) => [field.localName, field.name]))
  return Object.fromEntries(Object.entries(request).map(([key, value]) => [byLocalName.get(key), value]))
}
