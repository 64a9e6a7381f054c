import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCallMeter } from '../../src/calls/call-meter.ts'
import { createCredential } from '../../src/calls/credential.ts'
import { createLimitedFetch } from '../../src/calls/limited-fetch.ts'
import { Limiters } from '../../src/calls/limiters.ts'
import { createNetwork } from '../../src/calls/network.ts'
import { pagesByLink, pagesByOffset, pagesByToken } from '../../src/calls/paging.ts'
import { RateLimiter } from '../../src/calls/rate-limiter.ts'
import { listScope } from '../../src/list-scope.ts'

const { signal } = new AbortController()

async function givenServer(answer: RequestListener) {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}

function givenFetch(meter = createCallMeter()) {
  const limiters = new Limiters()
  const transport = createNetwork({ level: 'private', allow: [] }).connect({})
  const limiterOf = (api: string) => meter.measure(api, limiters.of({}, api))
  return createLimitedFetch({ signal, limiterOf, transport, retry: { pauseMs: 1 } })
}

describe('fetch', () => {
  test('comes back after a refusal and after a failure in passing', async () => {
    const statuses = [429, 503, 500, 200]
    const url = await givenServer((_, response) => response.writeHead(statuses.shift() ?? 200).end('there'))
    expect(await (await givenFetch()(url)).text()).toBe('there')
    expect(statuses).toEqual([])
  })

  test('counts what it sends: refusals, and what it sends again for whatever reason', async () => {
    const statuses = [429, 500, 429, 200]
    const url = await givenServer((_, response) => response.writeHead(statuses.shift() ?? 200).end('there'))
    const meter = createCallMeter()
    const beganMs = performance.now()
    await Promise.all(['disks/eu-1', 'disks/us-1'].map((api) => givenFetch(meter)(url, { api })))
    const tookSeconds = (performance.now() - beganMs) / 1_000
    expect(meter.totals()).toMatchObject([{ api: 'disks', made: 5, throttled: 2, retried: 3, predicted: 0 }])
    const [totals] = meter.totals()
    expect(totals?.waitSeconds).toBeGreaterThan(0)
    expect(totals?.answerSeconds).toBeGreaterThan(0)
    // Calls that are on their way at once count once.
    expect(totals?.busySeconds).toBeGreaterThan(0)
    expect(totals?.busySeconds).toBeLessThanOrEqual(tookSeconds)
  })

  test('what was predicted adds up, and what was neither predicted nor called is not told', () => {
    const meter = createCallMeter()
    meter.measure('never', new RateLimiter())
    meter.predict([['disks', 3, 2]], 5)
    meter.predict([['disks', 4, 0.5]], 3)
    expect(meter.totals()).toMatchObject([{ api: 'disks', predicted: 7, predictedSeconds: 2.5, made: 0 }])
    expect(meter.predictedSeconds()).toBe(5)
  })

  test('waits as long as a good answer says that no further call is served', async () => {
    const url = await givenServer((_, response) =>
      response.writeHead(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }).end(),
    )
    let sleptMs = 0
    const limiter = new RateLimiter({
      nowMs: () => performance.now() + sleptMs,
      sleep: async (ms) => {
        sleptMs += ms
      },
    })
    const transport = createNetwork({ level: 'private', allow: [] }).connect({})
    const limitedFetch = createLimitedFetch({
      signal,
      limiterOf: (api) => createCallMeter().measure(api, limiter),
      transport,
    })

    await limitedFetch(url)
    expect(sleptMs).toBe(0)
    await limitedFetch(url)
    expect(sleptMs).toBeGreaterThan(29_000)
  })

  test.each([
    [401, 'ERROR_AUTHENTICATE_FAILURE', 'UNAUTHENTICATED'],
    [403, 'ERROR_ACCESS_DENIED', 'PERMISSION_DENIED'],
    [404, 'ERROR_NOT_FOUND', 'NOT_FOUND'],
    [418, 'ERROR_PROVIDER', 'INTERNAL'],
  ])('fails at once with a code of its own on status %d', async (statusCode, code, status) => {
    let calls = 0
    const url = await givenServer((_, response) => {
      calls++
      response.writeHead(statusCode).end('the token is hunter22')
    })
    const failure = givenFetch()(`${url}/servers?token=hunter22`)
    await expect(failure).rejects.toMatchObject({
      code,
      status,
      message: expect.not.stringContaining('hunter22'),
    })
    expect(calls).toBe(1)
  })

  test('tries again what takes too long, and says so when it always does', async () => {
    let calls = 0
    const url = await givenServer((_, response) => {
      calls++
      if (calls === 2) response.end('there')
    })
    expect(await (await givenFetch()(url, { timeoutMs: 200 })).text()).toBe('there')
    calls = 2
    await expect(givenFetch()(url, { timeoutMs: 10 })).rejects.toMatchObject({
      code: 'ERROR_TIMEOUT',
      message: expect.stringContaining('did not answer within 0.01 s'),
    })
    expect(calls).toBeGreaterThanOrEqual(2)
  })

  test('hands out an answer that the caller accepts', async () => {
    const url = await givenServer((_, response) => response.writeHead(404).end())
    expect((await givenFetch()(url, { accept: [404] })).status).toBe(404)
  })
})

test('one credential and API has one limiter, whoever asks', () => {
  const limiters = new Limiters()
  expect(limiters.of({ token: 'a' }, 'compute')).toBe(limiters.of({ token: 'a' }, 'compute'))
  expect(limiters.of({ token: 'a' }, 'compute')).not.toBe(limiters.of({ token: 'b' }, 'compute'))
  expect(limiters.of({ token: 'a' }, 'compute')).not.toBe(limiters.of({ token: 'a' }, 'storage'))
})

describe('paging', () => {
  test('by token ends with the page that names no other', async () => {
    const pages = { start: { items: [1, 2], next: 'b' }, b: { items: [3], next: '' } }
    const read = async (token = 'start') => pages[token === 'b' ? 'b' : 'start']
    expect((await Array.fromAsync(pagesByToken(read))).flat()).toEqual([1, 2, 3])
  })

  test('by token refuses to go round in circles', async () => {
    const read = async () => ({ items: [1], next: 'again' })
    await expect(Array.fromAsync(pagesByToken(read))).rejects.toMatchObject({
      code: 'ERROR_PAGING',
      retryable: true,
    })
  })

  test('by offset ends with the first page that is not full', async () => {
    const all = Array.from({ length: 25 }, (_, at) => at)
    const read = async (offset: number, limit: number) => all.slice(offset, offset + limit)
    expect((await Array.fromAsync(pagesByOffset(read, 10))).map(({ length }) => length)).toEqual([10, 10, 5])
  })

  test('by link follows the header, and never to another host, which would be shown the token', async () => {
    const link = (to: string) =>
      new Response(to, { headers: { link: `<${to}>; rel="next", </last>; rel=last` } })
    const read = async (url: URL) => (url.pathname === '/a' ? link('/b') : link('https://evil.example/c'))
    const seen: string[] = []
    const walk = async () => {
      for await (const answer of pagesByLink('https://api.example/a', read)) seen.push(await answer.text())
    }
    await expect(walk()).rejects.toMatchObject({ code: 'ERROR_PAGING' })
    expect(seen).toEqual(['/b', 'https://evil.example/c'])
  })
})

/** Lets everything that waits for no time and no socket come to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('a credential', () => {
  test('is issued once for all who wait, again at half of its life, and is kept while that fails', async () => {
    let nowMs = 0
    let issued = 0
    const get = createCredential(
      async () => {
        if (issued === 1) {
          issued++
          throw new Error('the provider is down')
        }
        return { value: `token-${++issued}`, expiresAt: new Date(nowMs + 1_000) }
      },
      () => nowMs,
    )

    expect(await Promise.all([get(), get()])).toEqual(['token-1', 'token-1'])
    nowMs = 499
    expect(await get()).toBe('token-1')
    nowMs = 500
    expect(await get()).toBe('token-1')
    expect(issued).toBe(2)
    await settled()
    nowMs = 600
    expect(await get()).toBe('token-1')
    await settled()
    expect(await get()).toBe('token-3')
  })
})

describe('a scope that is listed in one call', () => {
  const scope = { type: 'server', regionCode: 'eu-1' }
  const found = { kind: 'region', fields: { regionCode: 'eu-1', name: 'Europe' } } as const

  test('ends with its receipt', async () => {
    const source = (async function* () {
      yield found
    })()
    expect(await Array.fromAsync(listScope({ signal }, scope, source))).toEqual([
      found,
      { kind: 'completed', fields: scope },
    ])
  })

  test('ends with an error that names it and without a receipt when it fails', async () => {
    const source = (async function* () {
      yield found
      throw new Error('403')
    })()
    const all = await Array.fromAsync(listScope({ signal }, scope, source))
    expect(all).toMatchObject([found, { kind: 'error', fields: { ...scope, error: { message: '403' } } }])
  })

  test('is not blamed for the end of the call', async () => {
    const source = (async function* () {
      yield found
      throw new Error('aborted')
    })()
    const ended = AbortSignal.abort(new Error('canceled'))
    await expect(Array.fromAsync(listScope({ signal: ended }, scope, source))).rejects.toThrow('canceled')
  })
})
