import { create, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CreateCollectorRequestSchema } from '../../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { KNOWN_DOMAIN, startApi, type TestApi } from '../../support/api-server.ts'
import { collectorService, presentFields } from '../collector-service.ts'
import { regionService } from '../region-service.ts'

const PATH = '/inventory/v1/region/get'
const BODY = JSON.stringify({ region_id: 'r', domain_id: KNOWN_DOMAIN })

let api: TestApi
const { service, seen } = regionService()
beforeAll(async () => {
  api = await startApi([service, collectorService])
})
afterAll(() => api.stop())

describe('the Content-Type', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/json ; charset=utf-8',
  ])('%s is JSON', async (type) => {
    expect((await api.post(PATH, BODY, { 'content-type': type })).status).toBe(200)
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-seq',
    'application/json+x',
    'application/vnd.api+json',
    'application/json, text/plain',
    'application/ json',
    'json',
    '*/*',
  ])('%s is refused with 415', async (type) => {
    const { status, json } = await api.post(PATH, BODY, { 'content-type': type })
    expect(status).toBe(415)
    expect(json()).toMatchObject({ detail: { code: 'ERROR_CONTENT_TYPE' } })
  })

  test.each([
    ['a tab behind it', 'Content-Type: application/json\t\r\n', 200],
    ['a tab before it', 'Content-Type:\tapplication/json\r\n', 200],
    ['a tab inside', 'Content-Type: application/json\t; charset=utf-8\r\n', [200, 415]],
    ['nothing in it', 'Content-Type: \r\n', 415],
    ['two of them', 'Content-Type: application/json\r\nContent-Type: text/plain\r\n', [200, 415]],
    ['two of them, JSON last', 'Content-Type: text/plain\r\nContent-Type: application/json\r\n', 415],
    ['none', '', 415],
  ])('with %s gets the verdict of the plain header or 415', async (_what, header, expected) => {
    const wrong = await raw(header, '{"region":1}')
    const right = await raw(header, BODY)
    expect([expected].flat()).toContain(right)
    expect(wrong).toBe(right === 200 ? 400 : 415)
  })
})

describe('the body', () => {
  test.each([
    ['nothing', '', 'the request body is empty'],
    ['blanks', ' \n ', 'the request body is empty'],
    ['a list', '[]', 'the request body is a list; send a JSON object'],
    ['a text', '"x"', 'the request body is a text; send a JSON object'],
    ['null', 'null', 'the request body is null; send a JSON object'],
    ['broken JSON', '{"region_id":', 'expected a value at line 1, column 14'],
    ['an unknown field', '{"regionid":"r"}', "parameter 'regionid' is invalid: there is no such field"],
    [
      'a number for a text',
      '{"region_id":7}',
      "parameter 'region_id' is invalid: expected a text, got a number",
    ],
    ['a text for a list', '{"only":"a"}', "parameter 'only' is invalid: expected a list, got a text"],
    ['null in a list', '{"only":["a",null]}', "parameter 'only.1' is invalid: expected a text, got null"],
  ])('of %s is 400 and says what is wrong', async (_what, body, message) => {
    const { status, json } = await api.post(PATH, body)
    expect(status).toBe(400)
    expect(json()).toEqual({
      detail: {
        code: expect.stringMatching(/^ERROR_INVALID_PARAMETER/),
        message: expect.stringContaining(message),
      },
    })
  })

  test('that is not UTF-8 is 400', async () => {
    const head = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n`
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])
    const answer = await api.raw(
      api.httpPort,
      Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes]),
    )
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 [\s\S]*not valid UTF-8/)
  })

  test.each([
    [
      'a truth value',
      '{"query":{"count_only":"yes"}}',
      "'query.count_only' is invalid: expected true or false",
    ],
    ['an object', '{"query":[]}', "'query' is invalid: expected an object, got a list"],
    ['a page', '{"query":{"page":{"limit":1.5}}}', "'query.page.limit' is invalid: not a whole number"],
    [
      'a huge page',
      '{"query":{"page":{"limit":4294967296}}}',
      "'query.page.limit' is invalid: not a whole number",
    ],
    [
      'an unknown inner field',
      '{"query":{"pages":{}}}',
      "'query.pages' is invalid: there is no such field; known here are",
    ],
  ])('with %s of the wrong kind names the path', async (_what, body, message) => {
    const { status, text } = await api.post('/inventory/v1/collector/list', body)
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(message) })
  })

  test.each([
    [
      'a misspelt enum value',
      '{"state":"ENABELD"}',
      "'state' is invalid: not one of NONE, ENABLED, DISABLED",
    ],
    [
      'an enum number nobody defined',
      '{"state":7}',
      "'state' is invalid: not one of NONE, ENABLED, DISABLED",
    ],
    ['an enum value in small letters', '{"state":"enabled"}', "'state' is invalid: not one of"],
  ])('with %s names the values there are', async (_what, body, message) => {
    const { status, text } = await api.post('/inventory/v1/collector/list', body)
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(message) })
  })

  test.each([
    ['[{"key":"team","value":"core"},{"key":"__proto__","value":1}]', '{"team":"core","__proto__":1}'],
    ['[]', '{}'],
    ['{"key":"team","value":"core"}', '{"key":"team","value":"core"}'],
  ])('with tags as %s means the map %s', async (tags, map) => {
    const { text } = await api.post(
      '/inventory/v1/region/create',
      `{"domain_id":"${KNOWN_DOMAIN}","tags":${tags}}`,
    )
    expect(text).toContain(`"tags":${map}`)
  })

  test.each(['["team"]', '[{"key":"team"}]', '[{"key":1,"value":2}]'])(
    'with tags as %s is 400',
    async (tags) => {
      const { status, text } = await api.post('/inventory/v1/region/create', `{"tags":${tags}}`)
      expect({ status, text }).toMatchObject({
        status: 400,
        text: expect.stringContaining("'tags' is invalid"),
      })
    },
  )

  test('may spell its keys in snake_case or camelCase, not both', async () => {
    const both = `{"region_id":"a","regionId":"b","domain_id":"${KNOWN_DOMAIN}"}`
    const camel = `{"regionId":"a","domainId":"${KNOWN_DOMAIN}","only":["region_id"]}`
    expect((await api.post(PATH, both)).status).toBe(400)
    expect((await api.post(PATH, camel)).status).toBe(200)
    expect(seen.presence.get('region_id')).toBe(true)
  })
})

describe('whether a nested field was sent', () => {
  test.each([
    ['{"plugin_info":{"options":{}}}', ['plugin_info', 'plugin_info.options']],
    ['{"plugin_info":{"version":""},"priority":0}', ['plugin_info', 'plugin_info.version', 'priority']],
    ['{"plugin_info":null,"is_public":false}', ['is_public']],
    ['{"plugin_info":{"options":null}}', ['plugin_info']],
    [
      '{"pluginInfo":{"pluginId":"p"},"isPublic":true}',
      ['plugin_info', 'plugin_info.plugin_id', 'is_public'],
    ],
  ])('%s has exactly the fields whose keys are there', async (body, expected) => {
    await api.post('/inventory/v1/collector/create', body)
    expect(presentFields()).toEqual(expected)
  })

  test('is told by values over gRPC, an empty Struct being a value', async () => {
    const request = create(CreateCollectorRequestSchema, {
      pluginInfo: { options: {}, version: '' },
      priority: 0,
    })
    const path = '/spaceone.api.inventory.v1.Collector/create'
    await api.call(path, toBinary(CreateCollectorRequestSchema, request))
    expect(presentFields()).toEqual(['plugin_info', 'plugin_info.options'])
  })

  test('an enum number nobody defined is refused over gRPC too', async () => {
    const answer = await api.call('/spaceone.api.inventory.v1.Collector/list', Buffer.from([0x20, 7]))
    expect(answer).toMatchObject({
      code: 3,
      details: expect.stringContaining("'state' is invalid: not one of NONE"),
    })
  })
})

describe('the path', () => {
  test.each(['/inventory/v1/region/get', '/inventory/region/get'])('%s reaches the method', async (path) => {
    expect((await api.post(path, BODY)).status).toBe(200)
  })

  test.each([
    ['/inventory/v1/region/got', 'every path is listed at /docs'],
    ['/inventory/V1/Region/get', 'did you mean /inventory/v1/region/get?'],
    ['/inventory/v1/region/get/', 'did you mean /inventory/v1/region/get?'],
    ['/', 'every path is listed at /docs'],
    ['/inventory/v1/region/%00', 'every path is listed at /docs'],
    ['/__proto__', 'every path is listed at /docs'],
  ])('%s is 404 with a hint', async (path, hint) => {
    const { status, json } = await api.post(path, BODY)
    expect(status).toBe(404)
    expect(json()).toEqual({
      detail: { code: 'ERROR_UNKNOWN_PATH', message: expect.stringContaining(hint) },
    })
  })

  test('that is no URL is 400 in our shape', async () => {
    const { status, json } = await api.post('/inventory/%zz', BODY)
    expect(status).toBe(400)
    expect(json()).toMatchObject({ detail: { code: 'ERROR_INVALID_PARAMETER' } })
  })

  test('of a method asked for with GET is 405 and says how', async () => {
    const answer = await api.get(PATH)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
    expect(answer.json()).toMatchObject({ detail: { message: expect.stringContaining(`POST ${PATH}`) } })
  })
})

describe('bytes that are no HTTP request', () => {
  test.each([
    ['garbage', Buffer.from('00ff00ff0d0a0d0a', 'hex')],
    ['an HTTP/2 preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    [
      'two lengths',
      Buffer.from(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`),
    ],
    [
      'a length and chunks',
      Buffer.from(
        `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ),
    ],
    ['headers of 100 KB', Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`)],
  ])('%s are refused in our shape, and the server goes on', async (_what, bytes) => {
    const answer = (await api.raw(api.httpPort, bytes)).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*"detail":\{"code":"ERROR_/)
    expect((await api.post(PATH, BODY)).status).toBe(200)
  })
})

async function raw(header: string, body: string): Promise<number> {
  const head = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${header}`
  const answer = await api.raw(api.httpPort, `${head}Content-Length: ${body.length}\r\n\r\n${body}`)
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1])
}
