import { type ClientHttp2Session, connect as http2Connect } from 'node:http2'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { type ClientReadableStream, type ServiceError, status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { InvalidParameter } from '../../src/core/errors.ts'
import { Event, EventInfoSchema, WatchEventsRequestSchema } from '../../src/gen/gleaner/v1/event_pb.ts'
import {
  type Call,
  createAdmission,
  implementService,
  type LoadLimits,
  type ServerConfig,
} from '../../src/server/index.ts'
import { KNOWN_DOMAIN, oneDomainDatabase, startApi, type TestApi } from '../support/api-server.ts'
import { grpcFrame } from '../support/http2-call.ts'
import { silentLog } from '../support/silent-log.ts'

type Source = (
  call: Call<typeof WatchEventsRequestSchema>,
) => AsyncIterable<MessageInitShape<typeof EventInfoSchema>>

async function givenApi(
  source: Source,
  config: Partial<ServerConfig> = {},
  load: Partial<LoadLimits> = {},
): Promise<TestApi> {
  const service = implementService(Event, {
    watch: {
      access: { permission: 'read', domain: 'required' },
      isHeartbeat: ({ type }) => type === 'heartbeat',
      async open(call) {
        if (call.request.cursor === 'bad') throw new InvalidParameter('cursor', 'it is none')
        return source(call)
      },
    },
  })
  const admission = createAdmission(silentLog, load)
  const api = await startApi([service], config, oneDomainDatabase, { admission })
  onTestFinished(() => api.stop())
  return api
}

/** Tells some events and then stays silent until the caller or the server ends it. */
function telling(...types: string[]): Source {
  return async function* ({ ctx, request }) {
    for (const [at, type] of types.entries()) yield { type, cursor: `${at + 1}.0`, jobId: request.jobId }
    await untilAborted(ctx.signal)
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}

const base = (api: TestApi) => `http://127.0.0.1:${api.httpPort}/gleaner/v1/events?domain_id=${KNOWN_DOMAIN}`

function requestBytes(request: MessageInitShape<typeof WatchEventsRequestSchema> = {}): Uint8Array {
  return toBinary(
    WatchEventsRequestSchema,
    create(WatchEventsRequestSchema, { domainId: KNOWN_DOMAIN, ...request }),
  )
}

function watchOverGrpc(api: TestApi, request: MessageInitShape<typeof WatchEventsRequestSchema> = {}) {
  const asBuffer = (value: Buffer) => value
  return api.grpcClient.makeServerStreamRequest(
    '/gleaner.v1.Event/watch',
    asBuffer,
    asBuffer,
    Buffer.from(requestBytes(request)),
  )
}

async function readTypes(call: ClientReadableStream<Buffer>, count: number): Promise<string[]> {
  const types: string[] = []
  for await (const bytes of call) {
    types.push(fromBinary(EventInfoSchema, bytes).type)
    if (types.length === count) break
  }
  // Leaving the iteration alone leaves the call open.
  call.on('error', () => {}).cancel()
  return types
}

/** A gRPC client that asks and then reads nothing; the client library would read ahead. */
function stalledCall(api: TestApi): ClientHttp2Session {
  const session = http2Connect(`http://127.0.0.1:${api.grpcPort}`).on('error', () => {})
  const headers = {
    ':method': 'POST',
    ':path': '/gleaner.v1.Event/watch',
    'content-type': 'application/grpc',
    te: 'trailers',
  }
  session
    .request(headers)
    .on('error', () => {})
    .end(grpcFrame(requestBytes()))
  return session
}

function endOf(call: ClientReadableStream<Buffer>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  call.on('error', (error: ServiceError) => resolve(error.code))
  call.on('end', () => resolve(status.OK))
  call.resume()
  return promise
}

/** The text of a stream of server-sent events up to a mark. */
async function readUntil(response: Response, mark: string): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    if (text.includes(mark)) break
  }
  return text
}

test('both transports tell the same messages as they come', async () => {
  const api = await givenApi(telling('job.created', 'job.ended'))
  expect(await readTypes(watchOverGrpc(api), 2)).toEqual(['job.created', 'job.ended'])

  const response = await fetch(`${base(api)}&job_id=job-1`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const text = await readUntil(response, 'job.ended')
  const events = [...text.matchAll(/^id: (.*)\ndata: (.*)$/gm)].map(([, id, data = '']) => [
    id,
    JSON.parse(data).type,
  ])
  expect(events).toEqual([
    ['1.0', 'job.created'],
    ['2.0', 'job.ended'],
  ])
  expect(text).toContain('"job_id":"job-1"')
})

test('a heartbeat is a comment that moves the id', async () => {
  const api = await givenApi(telling('heartbeat', 'job.ended'))
  const text = await readUntil(await fetch(base(api)), 'job.ended')
  expect(text).toContain(': heartbeat\nid: 1.0\n\n')
})

test('a browser that comes back says where it was, whatever its address says', async () => {
  const cursors: string[] = []
  const api = await givenApi(async function* ({ request }) {
    cursors.push(request.cursor)
    yield { type: 'job.ended' }
  })
  await (await fetch(`${base(api)}&cursor=1.0`)).text()
  await (await fetch(`${base(api)}&cursor=1.0`, { headers: { 'last-event-id': '7.3' } })).text()
  expect(cursors).toEqual(['1.0', '7.3'])
})

test('what is refused is refused before the stream begins, with the status it has elsewhere', async () => {
  const api = await givenApi(telling())
  const get = async (query: string) => (await fetch(`${base(api)}${query}`)).status
  expect(await get('&cursor=bad')).toBe(400)
  expect(await get('&collector=x')).toBe(400)
  expect(await get('&job_id=a&job_id=b')).toBe(400)
  const unknown = await fetch(`http://127.0.0.1:${api.httpPort}/gleaner/v1/events?domain_id=domain-of-nobody`)
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { detail: { code: 'ERROR_NOT_FOUND' } }])
  expect(await endOf(watchOverGrpc(api, { cursor: 'bad' }))).toBe(status.INVALID_ARGUMENT)
  expect(await endOf(watchOverGrpc(api, { domainId: '' }))).toBe(status.INVALID_ARGUMENT)
})

test('a page of another origin opens no stream', async () => {
  const api = await givenApi(telling('job.ended'), { allowedOrigins: ['https://friend.example'] })
  const from = async (origin: string) => {
    const response = await fetch(base(api), { headers: { origin } })
    await response.body?.cancel()
    return response.status
  }
  expect(await from('https://stranger.example')).toBe(403)
  expect(await from('null')).toBe(403)
  expect(await from('https://friend.example')).toBe(200)
  expect(await from(`http://127.0.0.1:${api.httpPort}`)).toBe(200)
})

test('a server that stops ends its streams at once, and says that they may come back', async () => {
  const api = await givenApi(telling('job.created'), { drainMs: 600_000 })
  const call = watchOverGrpc(api)
  const isOpen = new Promise((resolve) => call.once('data', resolve))
  const ended = endOf(call)
  const response = await fetch(base(api))
  const text = response.text()
  await isOpen
  await api.server.stop()
  expect(await ended).toBe(status.UNAVAILABLE)
  expect(await text).toMatch(/event: error\ndata: .*ERROR_SERVER_STOPPING/)
})

test('a stream is one line in the log, with how much it told', async () => {
  const api = await givenApi(telling('job.created', 'job.ended'))
  await readTypes(watchOverGrpc(api), 2)
  await until(() => api.log.some(({ message }) => message === 'request'))
  expect(api.log.filter(({ message }) => message === 'request')).toMatchObject([
    { method: 'gleaner.v1.Event.watch', domainId: KNOWN_DOMAIN, code: 'ERROR_CANCELED', sent: 2 },
  ])
})

test('there are only so many streams at a time', async () => {
  const api = await givenApi(telling('job.created'), {}, { maxStreams: 2 })
  const [first, second] = [watchOverGrpc(api), watchOverGrpc(api)]
  const seen = await Promise.all(
    [first, second].map((call) => new Promise((resolve) => call.once('data', resolve))),
  )
  expect(seen.length).toBe(2)
  const third = await fetch(base(api))
  expect([third.status, await third.json()]).toMatchObject([
    429,
    { detail: { code: 'ERROR_TOO_MANY_STREAMS' } },
  ])
  expect(third.headers.get('retry-after')).toBe('5')
  await until(() => api.log.some(({ code }) => code === 'ERROR_TOO_MANY_STREAMS'))
  expect(api.log.filter(({ code }) => code === 'ERROR_TOO_MANY_STREAMS')).toMatchObject([{ level: 'debug' }])
  first.cancel()
  first.on('error', () => {})
  second.on('error', () => {})
  await until(() => api.log.some(({ code }) => code === 'ERROR_CANCELED'))
  expect((await fetch(base(api))).status).toBe(200)
})

test('readers who do not read are not written to', async () => {
  const megabyte = 'x'.repeat(1_000_000)
  const pulled: number[] = []
  let left = 0
  const api = await givenApi(async function* ({ ctx }) {
    const reader = pulled.push(0) - 1
    try {
      while (!ctx.signal.aborted) {
        pulled[reader] = (pulled[reader] ?? 0) + 1
        yield { type: 'job.progressed', jobId: megabyte }
      }
    } finally {
      left++
    }
  })
  const { pathname, search } = new URL(base(api))
  const socket = connect(api.httpPort, '127.0.0.1').pause()
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  const calls = [1, 2, 3].map(() => stalledCall(api))

  await untilSteady(() => (pulled.length < 4 ? 0 : pulled.reduce((sum, each) => sum + each)))
  // What the machine's sockets take in (tens of megabytes where they may grow), and some messages; not one
  // after the other for ever.
  expect(Math.max(...pulled)).toBeLessThan(100)
  socket.destroy()
  for (const call of calls) call.destroy()
  await until(() => left === 4)
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(10)
}

/** Waits until a number has been the same for half a second. */
async function untilSteady(read: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 5; ) {
    await pause(100)
    same = read() === before && before > 0 ? same + 1 : 0
    before = read()
  }
}
