import { once } from 'node:events'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import { status } from '@grpc/grpc-js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { countMessages, messagesOf } from '../../src/core/message-block.ts'
import { callStream, callUnary } from '../../src/plugins/grpc/calls.ts'
import { GrpcChannel } from '../../src/plugins/grpc/channel.ts'
import { MessageTap } from '../../src/plugins/grpc/message-tap.ts'

const WINDOW = 1_048_576
const limits = { maxBufferedBytes: 1, maxMessageBytes: 20_000 }

describe.each(['node:http2', 'a tap'])('a stream that is read by %s', (way) => {
  /** A server that answers so, and a call to it whose messages are read this way. */
  async function givenCall(handle: Handler, { maxMessageBytes = limits.maxMessageBytes } = {}) {
    const reads = { ...limits, maxMessageBytes }
    const tap = way === 'a tap' ? new MessageTap({ ...reads, windowBytes: WINDOW }) : undefined
    const channel = await givenServer(handle, tap)
    const call = {
      path: '/x/y',
      request: Buffer.alloc(0),
      silenceTimeoutMs: 60_000,
      ...reads,
      tap,
      onCancel: () => {},
    }
    return { channel, call }
  }

  test('a call that is canceled after its good status came, but before all was read, is no success', async () => {
    const { channel, call } = await givenCall((stream) => answer(stream, Array(40).fill(10_000)))
    let cancel = () => {}
    const reading = callStream(channel, { ...call, onCancel: (end) => (cancel = end) })
    await reading.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    cancel()
    await expect(drain(reading)).rejects.toMatchObject({ code: status.CANCELLED })
  })

  test('a message over the limit fails the call, also when its good status came first', async () => {
    const { channel, call } = await givenCall((stream) => answer(stream, [...Array(20).fill(10_000), 20_001]))
    const reading = callStream(channel, call)
    await reading.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await expect(drain(reading)).rejects.toMatchObject({ code: status.FAILED_PRECONDITION })
  })

  test('a failure that arrives with messages before it delivers them first', async () => {
    const { channel, call } = await givenCall((stream) => answer(stream, [100, 100, 100], '13'))
    let received = 0
    const reading = (async () => {
      for await (const blocks of callStream(channel, call)) received += countMessages(blocks)
    })()
    await expect(reading).rejects.toMatchObject({ code: status.INTERNAL })
    expect(received).toBe(3)
  })

  test('an answer that is no gRPC is told by its HTTP status, whatever it holds', async () => {
    const { channel, call } = await givenCall((stream) => {
      stream.respond({ ':status': 404, 'content-type': 'text/html' })
      stream.end('<html>not here</html>')
    })
    await expect(drain(callStream(channel, call))).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
    })
  })

  test('a stream that ends inside a message has lost data', async () => {
    const { channel, call } = await givenCall((stream) => {
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.end(Buffer.from([0, 0, 0, 0, 9, 1]))
    })
    await expect(drain(callStream(channel, call))).rejects.toMatchObject({
      code: status.DATA_LOSS,
    })
  })

  test('a message that is longer than the window comes whole', async () => {
    const sizes = [10, 3_000_000, 0, 70_000, 4_000_000, 1]
    const { channel, call } = await givenCall((stream) => answer(stream, sizes), {
      maxMessageBytes: 5_000_000,
    })
    const received: number[] = []
    for await (const blocks of callStream(channel, call)) {
      received.push(...blocks.flatMap(messagesOf).map((message) => message.length))
    }
    expect(received).toEqual(sizes)
  })
})

test.each([[[]], [[5, 5]]])('a unary call that is answered messages of %j bytes fails', async (sizes) => {
  const channel = await givenServer((stream) => answer(stream, sizes))
  const call = {
    path: '/x/y',
    request: Buffer.alloc(0),
    timeoutMs: 10_000,
    maxMessageBytes: 100,
    onCancel: () => {},
  }
  await expect(callUnary(channel, call)).rejects.toMatchObject({ code: status.INTERNAL })
})

test('a server gets the trace of a call as metadata', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const seen: unknown[] = []
  const channel = await givenServer((stream, headers) => {
    seen.push(headers.traceparent)
    answer(stream, [1])
  })
  const call = { path: '/x/y', request: Buffer.alloc(0), onCancel: () => {}, trace: { traceparent } }
  await callUnary(channel, { ...call, timeoutMs: 60_000, maxMessageBytes: 100 })
  await drain(callStream(channel, { ...call, silenceTimeoutMs: 60_000, ...limits }))
  expect(seen).toEqual([traceparent, traceparent])
})

test('a server learns the deadline of a unary call', async () => {
  let timeout: unknown
  const channel = await givenServer((stream, headers) => {
    timeout = headers['grpc-timeout']
    answer(stream, [1])
  })
  const call = {
    path: '/x/y',
    request: Buffer.alloc(0),
    timeoutMs: 60_000,
    maxMessageBytes: 100,
    onCancel: () => {},
  }
  expect(await callUnary(channel, call)).toHaveLength(1)
  expect(timeout).toBe('60000m')
})

type Handler = (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void

async function givenServer(handle: Handler, tap?: MessageTap): Promise<GrpcChannel> {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    handle(stream, headers)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const settings = {
    caFile: undefined,
    certFile: undefined,
    keyFile: undefined,
    connectTimeoutMs: 10_000,
    windowBytes: WINDOW,
    keepaliveMs: 310_000,
  }
  const channel = new GrpcChannel({ address: `127.0.0.1:${port}` }, settings, tap)
  onTestFinished(() => {
    channel.close()
    server.close()
  })
  return channel
}

function answer(stream: ServerHttp2Stream, sizes: readonly number[], grpcStatus = '0'): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatus }))
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  for (const size of sizes) {
    const frame = Buffer.alloc(5 + size)
    frame.writeUInt32BE(size, 1)
    stream.write(frame)
  }
  stream.end()
}

async function drain(reading: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of reading);
}
