import { connect, createServer as createNetServer, type Server as NetServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { GleanerError } from '../../src/core/errors.ts'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'
import { createHealth, createServer, type ServerConfig } from '../../src/server/index.ts'
import { KNOWN_DOMAIN, oneDomainDatabase, startApi, type TestApi } from '../support/api-server.ts'
import { grpcFrame, http2Call } from '../support/http2-call.ts'
import { silentLog } from '../support/silent-log.ts'
import { GET, getBytes, regionService } from './region-service.ts'

const PATH = '/inventory/v1/region/get'
const HANG = { regionId: 'hang', domainId: KNOWN_DOMAIN }
const HANG_JSON = JSON.stringify({ region_id: 'hang', domain_id: KNOWN_DOMAIN })

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const each of cleanUp.splice(0)) await each()
})

describe('a port that is taken', () => {
  test.each([
    ['HTTP', 'httpPort', 'GLEANER_HTTP_PORT'],
    ['gRPC', 'grpcPort', 'GLEANER_GRPC_PORT'],
  ] as const)(
    'stops the start with one error that names the %s port and what to do',
    async (what, key, variable) => {
      const port = await occupyPort()
      const server = newServer({ [key]: port })
      const error = await server.start().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(GleanerError)
      expect(error).toMatchObject({ code: 'ERROR_PORT_IN_USE' })
      expect(String(error)).toContain(`port ${port} on 127.0.0.1 is taken`)
      expect(String(error)).toContain(
        `the ${what} server cannot start; stop that process, or set ${variable}`,
      )
    },
  )

  test('leaves the other port free again', async () => {
    const taken = await occupyPort()
    const free = await findFreePort()
    await newServer({ httpPort: free, grpcPort: taken })
      .start()
      .catch(() => {})
    expect(await isListening(free)).toBe(false)
  })

  test('is told apart from an address this machine does not have', async () => {
    const error = await newServer({ host: '192.0.2.1' })
      .start()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERROR_LISTEN', message: expect.stringContaining('192.0.2.1') })
  })
})

describe('a request whose caller gives up', () => {
  test('over gRPC by its deadline: the verb is told', async () => {
    const { api, seen } = await startHanging()
    expect(await callWithin(api, '200m')).toMatchObject({ grpcStatus: '4' })
    await stopped(seen.stopped)
    expect(seen.stopped[0]).toMatchObject({ kind: 'deadline', code: 'ERROR_DEADLINE_EXCEEDED' })
  })

  test('over gRPC by canceling: the verb is told', async () => {
    const { api, seen } = await startHanging()
    const caller = new AbortController()
    const answer = api.call(GET, getBytes(HANG), { signal: caller.signal })
    await seen.hanging.promise
    caller.abort()
    expect(await answer).toMatchObject({ code: 1 })
    await stopped(seen.stopped)
    expect(seen.stopped[0]).toMatchObject({ kind: 'canceled', code: 'ERROR_CANCELED' })
  })

  test('over REST by closing the connection: the verb is told', async () => {
    const { api, seen } = await startHanging()
    const socket = connect(api.httpPort, '127.0.0.1')
    socket.write(httpRequest(HANG_JSON))
    await seen.hanging.promise
    socket.destroy()
    await stopped(seen.stopped)
    expect(seen.stopped[0]).toMatchObject({ kind: 'canceled' })
  })

  test('over REST after the longest time a request may take: it is 504', async () => {
    const { api, seen } = await startHanging({ requestTimeoutMs: 200 })
    const { status, json } = await api.post(PATH, HANG_JSON)
    expect(status).toBe(504)
    expect(json()).toMatchObject({ detail: { code: 'ERROR_DEADLINE_EXCEEDED' } })
    expect(seen.stopped[0]).toMatchObject({ kind: 'deadline' })
  })
})

describe('a server that is told to stop', () => {
  test('lets running requests end, on both ports', async () => {
    const { api, seen } = await startHanging({ requestTimeoutMs: 500, drainMs: 5_000 })
    const overRest = api.post(PATH, HANG_JSON)
    await seen.hanging.promise
    seen.hanging = Promise.withResolvers()
    const overGrpc = callWithin(api, '500m')
    await seen.hanging.promise
    await api.stop()
    expect((await overRest).status).toBe(504)
    expect((await overGrpc).grpcStatus).toBe('4')
  })

  test('ends those that take longer than the drain, with UNAVAILABLE', async () => {
    const { api, seen } = await startHanging({ drainMs: 100 })
    const overRest = api.post(PATH, HANG_JSON)
    await seen.hanging.promise
    seen.hanging = Promise.withResolvers()
    const overGrpc = api.call(GET, getBytes(HANG))
    await seen.hanging.promise
    await api.server.stop()
    expect(await overRest).toMatchObject({
      status: 503,
      text: expect.stringContaining('ERROR_SERVER_STOPPING'),
    })
    expect(await overGrpc).toMatchObject({
      code: 14,
      details: expect.stringContaining('ERROR_SERVER_STOPPING'),
    })
    expect(seen.stopped).toHaveLength(2)
  })

  test('refuses a request that still comes in on a connection it has to keep', async () => {
    const { api, seen } = await startHanging({ drainMs: 300 })
    const socket = connect(api.httpPort, '127.0.0.1')
    const received: Buffer[] = []
    socket.on('data', (chunk) => received.push(chunk))
    socket.write(httpRequest(HANG_JSON))
    await seen.hanging.promise
    const stopping = api.server.stop()
    socket.write(httpRequest(JSON.stringify({ region_id: 'late', domain_id: KNOWN_DOMAIN })))
    await new Promise((resolve) => socket.once('close', resolve))
    await stopping
    const answers = Buffer.concat(received)
      .toString()
      .match(/HTTP\/1\.1 503|"ERROR_\w+"/g)
    expect(answers).toEqual(Array(2).fill(['HTTP/1.1 503', '"ERROR_SERVER_STOPPING"']).flat())
  })

  test('does not wait for idle connections, health watches and reflection streams', async () => {
    const { api } = await startHanging()
    const asIs = (bytes: Buffer) => bytes
    const watch = api.grpcClient.makeServerStreamRequest(
      '/grpc.health.v1.Health/Watch',
      asIs,
      asIs,
      Buffer.alloc(0),
    )
    watch.on('error', () => {})
    await new Promise((resolve) => watch.once('data', resolve))
    const idle = connect(api.httpPort, '127.0.0.1')
    idle.on('error', () => {})
    await new Promise((resolve) => idle.once('connect', resolve))
    await api.stop()
    expect(await isListening(api.httpPort)).toBe(false)
    expect(await isListening(api.grpcPort)).toBe(false)
  })

  test('may be told twice', async () => {
    const { api } = await startHanging()
    await Promise.all([api.stop(), api.server.stop()])
    await api.server.stop()
  })

  test('can be told before it has started', async () => {
    await newServer({}).stop()
  })
})

async function startHanging(config: Partial<ServerConfig> = {}) {
  const { service, seen } = regionService()
  const api: TestApi = await startApi([service], config)
  cleanUp.push(() => api.stop())
  return { api, seen }
}

function newServer(config: Partial<ServerConfig>) {
  const server = createServer({
    implementations: [regionService().service],
    db: oneDomainDatabase,
    log: silentLog,
    now: () => new Date(),
    health: createHealth(),
    config: { host: '127.0.0.1', httpPort: 0, grpcPort: 0, ...config },
  })
  cleanUp.push(() => server.stop())
  return server
}

/** A call whose deadline counts from when it arrives: the client has none that might pass before. */
function callWithin(api: TestApi, timeout: string) {
  return http2Call(api.grpcPort, GET, grpcFrame(getBytes(HANG)), { 'grpc-timeout': timeout })
}

async function occupyPort(): Promise<number> {
  const holder: NetServer = createNetServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => new Promise((resolve) => holder.close(resolve)))
  const address = holder.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Waits until a hanging verb has heard; the test's own time limit is the deadline. */
async function stopped(reasons: readonly unknown[]): Promise<void> {
  while (reasons.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

function httpRequest(body: string): string {
  return `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
