import { once } from 'node:events'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { createConnection } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { frameOf } from '../../src/grpc/frame.ts'
import { GrpcServer, type Handlers } from '../../src/grpc/grpc-server.ts'
import type { ServerCall } from '../../src/grpc/server-call.ts'
import { OK } from '../../src/grpc/status.ts'
import { toStatus } from '../../src/server/to-status.ts'
import { beginCall, readAnswer } from '../support/raw-call.ts'

const BLOCK = frameOf(Buffer.alloc(64 * 1024 - 5, 'b'))
const written = { bytes: 0, paused: Promise.withResolvers<void>() }
const gone = { calls: 0, next: Promise.withResolvers<void>() }

const handlers: Handlers = {
  '/test.Test/Echo': orFailure(async (call) => {
    call.write(frameOf(await call.readRequest()))
    call.finish(OK)
  }),
  '/test.Test/Nothing': orFailure(async (call) => {
    await call.readRequest()
    call.finish(OK)
  }),
  '/test.Test/Fail': orFailure(async (call) => {
    const details = String(await call.readRequest())
    call.finish({ status: 'FAILED_PRECONDITION', details })
  }),
  '/test.Test/FailLate': orFailure(async (call) => {
    call.write(frameOf(await call.readRequest()))
    call.finish({ status: 'RESOURCE_EXHAUSTED', details: 'no more' })
    call.finish(OK)
  }),
  '/test.Test/Flood': orFailure(async (call) => {
    await call.readRequest()
    for (let count = 0; count < 100; count++) {
      const behind = call.whenReady()
      if (behind) written.paused.resolve()
      await behind
      call.write(BLOCK)
      written.bytes += BLOCK.length
    }
    call.finish(OK)
  }),
  '/test.Test/Wait': orFailure(async (call) => {
    call.onGone(() => {
      gone.calls++
      gone.next.resolve()
    })
    call.write(frameOf(await call.readRequest()))
  }),
}

function orFailure(handle: (call: ServerCall) => Promise<void>) {
  return (call: ServerCall) => handle(call).catch((error) => call.finish(toStatus(error, (text) => text)))
}

let server: GrpcServer
let port: number
let client: Client
let session: ClientHttp2Session

beforeAll(async () => {
  server = new GrpcServer(handlers)
  port = await server.listen(0, '127.0.0.1')
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
})
afterAll(async () => {
  client.close()
  await server.close()
})
beforeEach(() => {
  session = connect(`http://127.0.0.1:${port}`).on('error', () => {})
})
afterEach(() => session.destroy())

const asItIs = (bytes: Buffer) => bytes

function ask(method: string, request: Buffer, metadata = new Metadata()): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const path = `/test.Test/${method}`
    client.makeUnaryRequest(path, asItIs, asItIs, request, metadata, (error, answer) => {
      if (error) reject(error)
      else resolve(answer ?? Buffer.alloc(0))
    })
  })
}

async function send(body: Buffer, headers: Readonly<Record<string, string>> = {}, path = '/test.Test/Echo') {
  const call = beginCall(session, path, headers)
  const answer = readAnswer(call)
  call.end(body)
  return await answer
}

describe('a call', () => {
  test('is answered by as many bytes as it holds, up to 32 MiB', async () => {
    for (const length of [0, 1, 70_000, 32 * 1024 * 1024]) {
      const request = Buffer.alloc(length, 'r')
      const options = { 'grpc.max_receive_message_length': -1 }
      const wide = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options)
      const answer = await new Promise<Buffer | undefined>((resolve, reject) =>
        wide.makeUnaryRequest('/test.Test/Echo', asItIs, asItIs, request, (error, bytes) =>
          error ? reject(error) : resolve(bytes),
        ),
      )
      wide.close()
      expect(answer?.equals(request), `${length} bytes`).toBe(true)
    }
  })

  test('may be answered by no message at all', async () => {
    const { bytes, headers } = await send(frameOf(Buffer.alloc(0)), {}, '/test.Test/Nothing')
    expect(bytes).toHaveLength(0)
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '0' })
  })

  test.each(['plain words', 'zwölf 100% of 月 / a:b?c=d #1', ' line\nline\ttab ', 'broken \ud800 half'])(
    'that fails with %j tells exactly that',
    async (details) => {
      await expect(ask('Fail', Buffer.from(details))).rejects.toMatchObject({
        code: status.FAILED_PRECONDITION,
        details: details.toWellFormed(),
      })
    },
  )

  test('that fails late delivers what was written, and its first status counts', async () => {
    const call = client.makeServerStreamRequest('/test.Test/FailLate', asItIs, asItIs, Buffer.from('before'))
    const messages: string[] = []
    call.on('data', (message: Buffer) => messages.push(String(message)))
    const error = await new Promise<ServiceError>((resolve) => call.on('error', resolve))
    expect(messages).toEqual(['before'])
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: 'no more' })
  })

  test('of a method that is not served is UNIMPLEMENTED', async () => {
    await expect(ask('Other', Buffer.alloc(0))).rejects.toMatchObject({ code: status.UNIMPLEMENTED })
  })
})

describe('a request', () => {
  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('compressed by %s is read', async (encoding, compress) => {
    const body = frameOf(compress(Buffer.from('squeezed')))
    body[0] = 1
    const { bytes, headers } = await send(body, { 'grpc-encoding': encoding })
    expect(headers['grpc-status']).toBe('0')
    expect(String(bytes.subarray(5))).toBe('squeezed')
  })

  test.each([
    ['that is cut off', Buffer.from([0, 0, 0, 0, 9, 1]), {}, 13, /in the middle of its message/],
    ['without a message', Buffer.alloc(0), {}, 13, /holds no message/],
    ['of two messages', Buffer.alloc(10), {}, 13, /more than one message/],
    ['of a size that is announced and too large', Buffer.from([0, 2, 0, 0, 1]), {}, 8, /^ERROR_REQUEST_SIZE/],
    ['that is no gzip', Buffer.from([1, 0, 0, 0, 1, 7]), { 'grpc-encoding': 'gzip' }, 13, /decompressed/],
    ['compressed by snappy', Buffer.from([1, 0, 0, 0, 0]), { 'grpc-encoding': 'snappy' }, 12, /snappy/],
    ['compressed by nothing', Buffer.from([1, 0, 0, 0, 0]), {}, 12, /identity/],
    ['with a deadline that is none', Buffer.alloc(5), { 'grpc-timeout': '5 min' }, 13, /grpc-timeout/],
  ])('%s is refused', async (_, body, extra, code, details) => {
    const { headers } = await send(body, extra)
    expect(headers['grpc-status']).toBe(String(code))
    expect(decodeURIComponent(String(headers['grpc-message']))).toMatch(details)
  })

  test('that unpacks to more than 32 MiB is refused', async () => {
    const body = frameOf(gzipSync(Buffer.alloc(33 * 1024 * 1024)))
    body[0] = 1
    const { headers } = await send(body, { 'grpc-encoding': 'gzip' })
    expect(headers['grpc-status']).toBe('8')
  })

  test('that goes on for ever is told to stop', async () => {
    const call = beginCall(session, '/test.Test/Echo')
    const answer = readAnswer(call)
    call.write(Buffer.from([0, 0x7f, 0, 0, 0]))
    const { headers, rstCode } = await answer
    expect(headers['grpc-status']).toBe('8')
    expect(rstCode).toBe(constants.NGHTTP2_NO_ERROR)
  })

  test.each([
    [415, { 'content-type': 'application/json' }],
    [405, { ':method': 'PUT' }],
  ])('that is no gRPC gets HTTP status %i', async (code, headers) => {
    expect((await send(Buffer.alloc(5), headers)).headers[':status']).toBe(code)
  })
})

test('a caller that reads nothing holds the writer, and gets everything when it does', async () => {
  const call = beginCall(session, '/test.Test/Flood')
  call.pause()
  call.end(frameOf(Buffer.alloc(0)))
  await once(call, 'response')
  await written.paused.promise
  expect(written.bytes).toBeLessThan(1024 * 1024)
  call.resume()
  const { bytes, headers } = await readAnswer(call)
  expect(bytes.length).toBe(100 * BLOCK.length)
  expect(headers['grpc-status']).toBe('0')
})

test('a caller that cancels, or whose connection ends, is gone once, and one that was answered never is', async () => {
  await send(frameOf(Buffer.alloc(0)))
  for (const leave of ['cancel', 'disconnect']) {
    gone.next = Promise.withResolvers()
    const leaving = connect(`http://127.0.0.1:${port}`).on('error', () => {})
    const call = beginCall(leaving, '/test.Test/Wait').on('error', () => {})
    call.end(frameOf(Buffer.alloc(0)))
    await once(call, 'data')
    if (leave === 'cancel') call.close(constants.NGHTTP2_CANCEL)
    else leaving.destroy()
    await gone.next.promise
    leaving.destroy()
  }
  expect(gone.calls).toBe(2)
})

test('a connection that speaks no HTTP/2 is closed, and the others go on', async () => {
  const socket = createConnection(port, '127.0.0.1')
  socket.resume().write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'close')
  await expect(ask('Echo', Buffer.from('still here'))).resolves.toEqual(Buffer.from('still here'))
})

test('a ping is answered', async () => {
  await once(session, 'connect')
  const error = await new Promise((resolve) => session.ping((problem) => resolve(problem)))
  expect(error).toBe(null)
})

test('a server that closes says so, lets calls end, and takes none any more', async () => {
  const closing = new GrpcServer(handlers)
  const closingPort = await closing.listen(0, '127.0.0.1')
  const caller = connect(`http://127.0.0.1:${closingPort}`)
  const call = beginCall(caller, '/test.Test/Echo')
  const answer = readAnswer(call)
  call.write(frameOf(Buffer.from('late')).subarray(0, 5))
  await once(caller, 'remoteSettings')
  // The server knows of the call when it has answered a ping that was sent after it.
  await new Promise((resolve) => caller.ping(resolve))
  const goaway = once(caller, 'goaway')
  const closed = closing.close()
  await goaway
  call.end(Buffer.from('late'))
  expect(String((await answer).bytes.subarray(5))).toBe('late')
  await closed
  const refused = connect(`http://127.0.0.1:${closingPort}`)
  const [error] = await once(refused, 'error')
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
})
