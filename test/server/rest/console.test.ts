import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { regionService } from '../region-service.ts'

const dir = mkdtempSync(join(tmpdir(), 'gleaner-console-'))
let api: TestApi

/** As the build leaves it. */
beforeAll(async () => {
  const index = { path: 'index.html', type: 'text/html; charset=utf-8', etag: '"one"', encodings: [] }
  const encodings = [
    { name: 'br', suffix: 'br' },
    { name: 'gzip', suffix: 'gz' },
  ]
  const script = { path: 'app-1a2b.js', type: 'text/javascript; charset=utf-8', etag: '"two"', encodings }
  const manifest = { stamp: '', pages: ['resources'], index, assets: [script] }
  writeFileSync(join(dir, 'console.json'), JSON.stringify(manifest))
  writeFileSync(join(dir, 'index.html'), '<h1>the console</h1>')
  writeFileSync(join(dir, 'app-1a2b.js'), 'let it = 1')
  writeFileSync(join(dir, 'app-1a2b.js.gz'), gzipSync('let it = 1'))
  writeFileSync(join(dir, 'other.txt'), 'nobody listed this')
  api = await startApi([regionService().service], { consoleDir: dir })
})

afterAll(async () => {
  await api.stop()
  rmSync(dir, { recursive: true })
})

describe('the console', () => {
  test.each(['/', '/resources', '/resources/cloud-svc-1?text=a', '/resources/a/b'])(
    'is what %s answers, to be asked for anew each time, and lets nothing foreign in',
    async (path) => {
      const { status, text, headers } = await api.get(path)

      expect(status).toBe(200)
      expect(text).toBe('<h1>the console</h1>')
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(headers.get('cache-control')).toBe('no-cache')
      expect(headers.get('etag')).toBe('"one"')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(policy).toContain("connect-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/)
    },
  )

  test('its files may be kept for good, and come as small as the browser can read them', async () => {
    const plain = await request('/app-1a2b.js', {})
    const packed = await request('/app-1a2b.js', { 'accept-encoding': 'deflate, gzip' })

    expect(plain).toMatchObject({ status: 200, body: 'let it = 1' })
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
      etag: '"two"',
    })
  })

  test('a file that is there no longer is refused, and the refusal kept by nobody', async () => {
    const { status, headers, body } = await request('/app-1a2b.js', { 'accept-encoding': 'br' })

    expect(status).toBe(500)
    expect(JSON.parse(body)).toMatchObject({ detail: { code: 'ERROR_UNKNOWN' } })
    expect(headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(headers).not.toHaveProperty('content-encoding')
    expect(headers).not.toHaveProperty('etag')
  })

  test('what a browser has already is not sent again', async () => {
    expect(await request('/', { 'if-none-match': 'W/"zero", "one"' })).toMatchObject({
      status: 304,
      body: '',
    })
    expect(await request('/', { 'if-none-match': '"zero"' })).toMatchObject({ status: 200 })
  })

  test.each([
    '/other.txt',
    '/console.json',
    '/resourcesx',
    '/app-1a2b.js.gz',
    '/inventory/v1/nothing/list',
    '/assets/..%2fapp-1a2b.js',
  ])('stays out of the way of what is not listed: %s', async (path) => {
    const { status, json } = await api.get(path)

    expect(status).toBe(404)
    expect(json()).toMatchObject({ detail: { code: 'ERROR_UNKNOWN_PATH' } })
  })

  test('is not shown to a name that is none of this server', async () => {
    const { status, body } = await request('/', { host: 'evil.test' })

    expect(status).toBe(421)
    expect(body).toContain('ERROR_HOST_NOT_ALLOWED')
  })

  test('says that it was not built, and how it is, while the API answers', async () => {
    const without = await startApi([regionService().service], { consoleDir: join(dir, 'nowhere') })
    onTestFinished(() => without.stop())

    const { status, text, headers } = await without.get('/')
    expect(status).toBe(503)
    expect(text).toContain('npm run build:console')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect((await without.get('/resources')).status).toBe(404)
    expect((await without.get('/openapi.json')).status).toBe(200)
  })
})

/** As it comes over the wire: `fetch` unpacks what is packed, and chooses the Host header itself. */
function request(path: string, headers: Record<string, string>) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined
    headers: Record<string, unknown>
    body: string
  }>()
  get({ host: '127.0.0.1', port: api.httpPort, path, headers }, async (answer) => {
    const chunks = await answer.toArray()
    resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() })
  }).on('error', reject)
  return promise
}
