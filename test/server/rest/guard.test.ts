import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KNOWN_DOMAIN, startApi, type TestApi } from '../../support/api-server.ts'
import { regionService } from '../region-service.ts'

const BODY = JSON.stringify({ region_id: 'r', domain_id: KNOWN_DOMAIN })

let api: TestApi
const { service, seen } = regionService()
beforeAll(async () => {
  api = await startApi([service], {
    allowedHosts: ['inventory.example.com'],
    allowedOrigins: ['https://console.example.com'],
  })
})
afterAll(() => api.stop())

describe('the Host header', () => {
  test.each([
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.1.2.3',
    '[::1]',
    '[::1]:8080',
    'inventory.example.com',
    'Inventory.Example.com:443',
  ])('%s is a name of this server', async (host) => {
    expect(await send([`Host: ${host}`])).toMatchObject({ status: 200 })
  })

  test.each([
    'evil.test',
    'evil.test:8080',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    'evil.test#localhost',
    'user@localhost',
    'localhost, evil.test',
    '10.0.0.1',
    '[::2]',
    '0.0.0.0',
    '2130706433',
    '',
    ' ',
  ])('%s is refused with 421, for reading and for writing', async (host) => {
    expect(await send([`Host: ${host}`])).toMatchObject({ status: 421, code: 'ERROR_HOST_NOT_ALLOWED' })
    expect(await send([`Host: ${host}`], 'GET /openapi.json')).toMatchObject({ status: 421 })
    expect(await send([`Host: ${host}`], 'GET /check')).toMatchObject({ status: 421 })
    expect(await send([`Host: ${host}`], 'GET /no-such-path')).toMatchObject({ status: 421 })
  })

  test('standing twice is refused', async () => {
    expect((await send(['Host: localhost', 'Host: evil.test'])).status).toBeGreaterThanOrEqual(400)
    expect((await send(['Host: evil.test', 'Host: localhost'])).status).toBeGreaterThanOrEqual(400)
  })

  test('is not replaced by an absolute request target', async () => {
    const target = 'POST http://localhost/inventory/v1/region/get'
    expect(await send(['Host: evil.test'], target)).toMatchObject({ status: 421 })
  })

  test('may be missing in no request', async () => {
    expect((await send([])).status).toBeGreaterThanOrEqual(400)
    const answer = await api.raw(api.httpPort, 'GET /check HTTP/1.0\r\n\r\n')
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 4/)
  })

  test('may be any address when the server is bound to every one', async () => {
    const open = await startApi([regionService().service], { host: '0.0.0.0' })
    try {
      expect(await send(['Host: 192.168.7.7:8080'], undefined, open)).toMatchObject({ status: 200 })
      expect(await send(['Host: evil.test'], undefined, open)).toMatchObject({ status: 421 })
    } finally {
      await open.stop()
    }
  })
})

describe('the origin of a request that may change something', () => {
  test.each([
    ['no page at all', []],
    ['a page of this server', ['Origin: http://localhost:8080', 'Sec-Fetch-Site: same-origin']],
    ['a page of this server behind TLS', ['Origin: https://localhost:8080']],
    ['a page that is allowed', ['Origin: https://console.example.com', 'Sec-Fetch-Site: cross-site']],
    ['the address bar', ['Sec-Fetch-Site: none']],
  ])('may be %s', async (_what, headers) => {
    expect(await send(['Host: localhost:8080', ...headers])).toMatchObject({ status: 200 })
  })

  test.each([
    'Origin: http://evil.test',
    'Origin: http://localhost:3000',
    'Origin: http://127.0.0.1:8080',
    'Origin: null',
    'Origin: ',
    'Origin: file://',
    'Origin: chrome-extension://abcdef',
    'Origin: http://localhost:8080.evil.test',
    'Origin: http://localhost:8080@evil.test',
    'Origin: https://console.example.com.evil.test',
    'Origin: https://console.example.com, http://evil.test',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-site',
  ])('may not be told by %s', async (header) => {
    const before = seen.presence.size
    const answer = await send(['Host: localhost:8080', header])
    expect(answer).toMatchObject({ status: 403, code: 'ERROR_ORIGIN_NOT_ALLOWED' })
    expect(seen.presence.size).toBe(before)
  })

  test('is asked before anything is said about the path', async () => {
    const headers = ['Host: localhost', 'Origin: http://evil.test']
    expect(await send(headers, 'POST /no/such/path')).toMatchObject({ status: 403 })
    expect(await send(headers, 'DELETE /check')).toMatchObject({ status: 403 })
  })
})

describe('cross-origin sharing', () => {
  test('is offered to nobody', async () => {
    const headers = [
      'Host: localhost:8080',
      'Origin: https://console.example.com',
      'Access-Control-Request-Method: POST',
    ]
    const preflight = await send(headers, 'OPTIONS /inventory/v1/region/get')
    const answer = await send(headers)
    expect(preflight.status).toBe(405)
    expect(`${preflight.head}${answer.head}`).not.toMatch(/access-control/i)
  })

  test('is closed on every answer', async () => {
    for (const target of ['GET /check', 'GET /docs', 'GET /openapi.json', 'GET /nothing', undefined]) {
      const { head } = await send(['Host: localhost'], target)
      expect(head).toMatch(/x-content-type-options: nosniff/i)
      expect(head).toMatch(/cross-origin-resource-policy: same-origin/i)
      expect(head).toMatch(/content-security-policy: default-src 'none'/i)
    }
  })
})

/** One request written by hand: fetch would not send these headers. */
async function send(
  headers: readonly string[],
  target = 'POST /inventory/v1/region/get',
  server: TestApi = api,
): Promise<{ status: number; code: string | undefined; head: string }> {
  const body = target.startsWith('GET') ? '' : BODY
  const lines = [
    `${target} HTTP/1.1`,
    ...headers,
    'Connection: close',
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
  ]
  const answer = (await server.raw(server.httpPort, `${lines.join('\r\n')}\r\n\r\n${body}`)).toString()
  const [head = '', text = ''] = answer.split('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    code: /"code":"(ERROR_[A-Z_]+)"/.exec(text)?.[1],
    head,
  }
}
