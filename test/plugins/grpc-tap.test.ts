import { once } from 'node:events'
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { status } from '@grpc/grpc-js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { countMessages, type MessageBlock, messagesOf } from '../../src/core/message-block.ts'
import { callStream } from '../../src/plugins/grpc/calls.ts'
import { GrpcChannel } from '../../src/plugins/grpc/channel.ts'
import { DataFrames } from '../../src/plugins/grpc/data-frames.ts'
import { Inbox } from '../../src/plugins/grpc/inbox.ts'
import { MessagePages } from '../../src/plugins/grpc/message-pages.ts'
import { MessageTap } from '../../src/plugins/grpc/message-tap.ts'

describe('the bytes of a connection', () => {
  test.each([1, 2, 3])(
    'come apart into messages and other frames, wherever frames and reads were cut: %i',
    (seed) => {
      const random = randomNumbers(seed)
      for (let round = 0; round < 40; round++) {
        const [count, most] = round % 10 === 0 ? [700, 50] : [1 + (random() % 12), 3_000]
        const sizes = Array.from({ length: count }, () =>
          random() % (9 * count) < 9 ? 60_000 + (random() % 90_000) : random() % most,
        )
        const messages = sizes.map((size, at) => Buffer.alloc(size, at + 1))
        const { wire, others } = toWire(Buffer.concat(messages.map(withHead)), random)
        const read = readAll(wire, random)
        expect(read.messages.map(({ length }) => length)).toEqual(sizes)
        expect(Buffer.concat(read.messages).equals(Buffer.concat(messages))).toBe(true)
        expect(read.others.equals(others)).toBe(true)
        expect(read.isMidMessage).toBe(false)
      }
    },
  )

  test('what is wrong with a message leaves those before it', () => {
    const pages = new MessagePages({ maxMessageBytes: 100, windowBytes: 65_536 })
    const bytes = Buffer.concat([withHead(Buffer.alloc(100)), withHead(Buffer.alloc(101))])
    expect(() => give(pages, bytes)).toThrow(/ERROR_PLUGIN_MESSAGE_SIZE: it sent a message of 101 bytes/)
    expect(countMessages(pages.turn())).toBe(1)
  })
})

describe('a connection with a tap', () => {
  test('takes padded frames for what they hold', async () => {
    const paddingStrategy = constants.PADDING_STRATEGY_MAX
    const { channel, tap } = await givenServer({ count: 500, paddingStrategy })
    const sizes: number[] = []
    for await (const blocks of read(channel, tap)) {
      sizes.push(...blocks.flatMap(messagesOf).map(({ length }) => length))
    }
    expect(sizes).toEqual(Array(500).fill(2_000))
  })

  test('answers pings, and brings everything later, while nobody takes what has filled its window', async () => {
    const { channel, tap, session } = await givenServer({ count: 1_000 })
    const reading = read(channel, tap)
    const first = await reading.next()
    const { promise, resolve } = Promise.withResolvers<void>()
    ;(await session).ping(() => resolve())
    await promise
    let received = countMessages(first.value ?? [])
    for await (const blocks of reading) received += countMessages(blocks)
    expect(received).toBe(1_000)
  })

  test('tells a reader who waits of each part of a message, so that a long one is no silence', async () => {
    const { channel, tap, answer } = await givenServer({ count: 0 })
    const stream = await channel.request({ path: '/x/y', request: Buffer.alloc(0) })
    const inbox = new Inbox(stream, { ...SETTINGS, tap }, () => true)
    const message = withHead(Buffer.alloc(200_000))
    const server = await answer
    server.write(message.subarray(0, 10_000))
    expect(await inbox.wait(30_000)).toBe(true)
    expect(inbox.take()).toEqual([])
    server.end(message.subarray(10_000))
    const blocks: MessageBlock[] = []
    while (!inbox.hasEnded) {
      expect(await inbox.wait(30_000)).toBe(true)
      blocks.push(...inbox.take())
    }
    expect(blocks.flatMap(messagesOf).map(({ length }) => length)).toEqual([200_000])
  })

  test('is told of a connection that breaks', async () => {
    const { channel, tap, session } = await givenServer({ count: 1_000 })
    const reading = read(channel, tap)
    await reading.next()
    ;(await session).destroy()
    const rest = (async () => {
      for await (const _ of reading);
    })()
    await expect(rest).rejects.toMatchObject({ code: status.UNAVAILABLE })
  })

  test('finds that nobody listens there', async () => {
    const { channel, tap } = await givenServer({ count: 0, isGone: true })
    await expect(read(channel, tap).next()).rejects.toMatchObject({ code: status.UNAVAILABLE })
  })
})

const SETTINGS = {
  caFile: undefined,
  certFile: undefined,
  keyFile: undefined,
  connectTimeoutMs: 60_000,
  windowBytes: 65_536,
  keepaliveMs: 310_000,
  maxMessageBytes: 1_000_000,
  maxBufferedBytes: 1,
}

function read(channel: GrpcChannel, tap: MessageTap) {
  const call = { path: '/x/y', request: Buffer.alloc(0), silenceTimeoutMs: 60_000, onCancel: () => {} }
  return callStream(channel, { ...SETTINGS, ...call, tap })
}

/** A server that answers so many messages of 2,000 bytes, or with none what the test writes. */
async function givenServer(server: { count: number; paddingStrategy?: number; isGone?: boolean }) {
  const listening = createServer({ paddingStrategy: server.paddingStrategy })
  const { promise: session, resolve } = Promise.withResolvers<ServerHttp2Session>()
  listening.on('session', resolve)
  const { promise: answer, resolve: answered } = Promise.withResolvers<ServerHttp2Stream>()
  listening.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    answered(stream)
    if (server.count > 0) stream.end(Buffer.concat(Array(server.count).fill(withHead(Buffer.alloc(2_000)))))
  })
  await once(listening.listen(0, '127.0.0.1'), 'listening')
  const address = listening.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const close = () => listening.close()
  if (server.isGone) await new Promise<void>((closed) => listening.close(() => closed()))
  const tap = new MessageTap(SETTINGS)
  const channel = new GrpcChannel({ address: `127.0.0.1:${port}` }, SETTINGS, tap)
  onTestFinished(() => {
    channel.close()
    close()
  })
  return { channel, tap, session, answer }
}

type Random = () => number

/**
 * The content in DATA of any size, padded or not, and between them frames of other types. The last DATA ends
 * the stream.
 */
function toWire(content: Buffer, random: Random): { readonly wire: Buffer; readonly others: Buffer } {
  const wire: Buffer[] = []
  const others: Buffer[] = []
  for (let at = 0; at < content.length || at === 0; ) {
    if (random() % 3 === 0) {
      const other = frameOf(4 + (random() % 6), 0, Buffer.alloc(random() % 30, random()))
      wire.push(other)
      others.push(other)
    }
    const part = content.subarray(at, at + 1 + (random() % 16_000))
    at += Math.max(1, part.length)
    const isLast = at >= content.length
    const padding = random() % 4 === 0 ? random() % 256 : undefined
    const padded =
      padding === undefined ? part : Buffer.concat([Buffer.from([padding]), part, Buffer.alloc(padding)])
    wire.push(frameOf(0, (isLast ? 1 : 0) | (padding === undefined ? 0 : 8), padded))
    if (isLast) others.push(frameOf(0, 1, Buffer.alloc(0)))
  }
  return { wire: Buffer.concat(wire), others: Buffer.concat(others) }
}

function readAll(wire: Buffer, random: Random) {
  const others: Buffer[] = []
  const messages: Buffer[] = []
  const frames = new DataFrames((bytes) => others.push(Buffer.from(bytes)))
  const pages = new MessagePages({ maxMessageBytes: 1_000_000, windowBytes: 65_536 })
  const turn = () =>
    messages.push(
      ...pages
        .turn()
        .flatMap(messagesOf)
        .map((each) => Buffer.from(each)),
    )
  for (let at = 0; at < wire.length; ) {
    const { room } = pages
    // What was to be read may come when the page has been turned.
    if (pages.hasMessages && random() % 4 === 0) turn()
    const length = Math.min(
      room.length,
      1 + (random() % (random() % 2 === 0 ? 20 : 80_000)),
      wire.length - at,
    )
    room.set(wire.subarray(at, at + length))
    pages.take(room.subarray(0, length), frames)
    at += length
    if (pages.hasMessages && (pages.isFull || random() % 2 === 0)) turn()
  }
  if (pages.hasMessages) turn()
  return { messages, others: Buffer.concat(others), isMidMessage: pages.isMidMessage }
}

function give(pages: MessagePages, content: Buffer): void {
  const room = pages.room.subarray(0, content.length)
  room.set(content)
  pages.take(room, { part: (_page, _from, to) => to })
}

function frameOf(type: number, flags: number, content: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(content.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(type === 0 ? 1 : 0, 5)
  return Buffer.concat([head, content])
}

function withHead(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** The same numbers in each run, so that a failure can be repeated. */
function randomNumbers(seed: number): Random {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >>> 8
  }
}
