import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createTransport } from '../../src/calls/transport.ts'

async function givenServer(answer: RequestListener, path?: string): Promise<URL> {
  const server = createServer(answer)
  if (path === undefined) await once(server.listen(0, '127.0.0.1'), 'listening')
  else await once(server.listen(path), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return new URL(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`)
}

test('a body is sent as fetch would, and a compressed answer is read', async () => {
  const url = await givenServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString()
    response.writeHead(200, { 'content-encoding': 'gzip', 'x-method': request.method })
    response.end(gzipSync(JSON.stringify({ body, type: request.headers['content-type'] })))
  })
  const answer = await createTransport()(url, { method: 'POST', body: new URLSearchParams({ a: 'ü' }) })
  expect(answer.headers.get('x-method')).toBe('POST')
  expect(await answer.json()).toEqual({
    body: 'a=%C3%BC',
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
  })
})

test('a redirect is followed, and another host does not get the credential', async () => {
  const other = await givenServer((request, response) => response.end(String(request.headers.authorization)))
  const url = await givenServer((_, response) => response.writeHead(302, { location: other.href }).end())
  const headers = { authorization: 'Bearer hunter22' }
  const answer = await createTransport()(url, { headers })
  expect(await answer.text()).toBe('undefined')
  expect(answer.url).toBe(other.href)
  expect((await createTransport()(url, { headers, redirect: 'manual' })).status).toBe(302)
})

test('a server at a Unix socket is reached', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-socket-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const socketPath = join(folder, 'engine.sock')
  await givenServer((request, response) => response.end(request.url), socketPath)
  const answer = await createTransport({ socketPath })(new URL('http://engine/info'))
  expect(await answer.text()).toBe('/info')
})

test('an answer that is cut off is an error and no shorter answer', async () => {
  const url = await givenServer((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half')
    setImmediate(() => response.destroy())
  })
  const answer = await createTransport()(url)
  await expect(answer.text()).rejects.toThrow()
})

test('a call that is given up ends while the answer is read', async () => {
  const url = await givenServer((_, response) => response.writeHead(200).write('half'))
  const end = new AbortController()
  const answer = await createTransport()(url, { signal: end.signal })
  const reading = answer.text()
  end.abort()
  await expect(reading).rejects.toThrow()
})
