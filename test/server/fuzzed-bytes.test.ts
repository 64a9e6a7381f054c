import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../simulation/random.ts'
import { KNOWN_DOMAIN, startApi, type TestApi } from '../support/api-server.ts'
import { grpcFrame } from '../support/http2-call.ts'
import { GET, getBytes, regionService } from './region-service.ts'

/** More of them: GLEANER_FUZZ_RUNS=100000, and other ones with another GLEANER_FUZZ_SEED. */
const RUNS = Math.min(Number(process.env.GLEANER_FUZZ_RUNS ?? 400), 100_000)
const SEED = Number(process.env.GLEANER_FUZZ_SEED ?? 1)
const AT_ONCE = 20
/**
 * A server that has nothing to say to damaged bytes may wait for the rest of them; whoever sends them does
 * not.
 */
const PATIENCE_MS = 100

const REQUEST = { regionId: 'r', domainId: KNOWN_DOMAIN }
const PATH = '/inventory/v1/region/get'
const BODY = JSON.stringify({ region_id: 'r', domain_id: KNOWN_DOMAIN })

let api: TestApi
beforeAll(async () => {
  api = await startApi([regionService().service])
})
afterAll(() => api.stop())

/** The server is in this process: what is not caught in it fails this file. */
test(`${RUNS} damaged HTTP/2 connections end alone (GLEANER_FUZZ_SEED=${SEED})`, async () => {
  await sendDamaged(() => api.grpcPort, http2Parts())
  expect(await api.call(GET, getBytes(REQUEST))).toMatchObject({ code: 0 })
})

test(`${RUNS} damaged HTTP/1.1 requests end alone (GLEANER_FUZZ_SEED=${SEED})`, async () => {
  await sendDamaged(() => api.httpPort, http1Parts())
  expect((await api.post(PATH, BODY)).status).toBe(200)
})

async function sendDamaged(port: () => number, parts: readonly Buffer[]): Promise<void> {
  const below = createRandom(SEED)
  for (let run = 0; run < RUNS; run += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, () => damage(parts, below))
    await Promise.all(some.map((bytes) => send(port(), bytes)))
  }
}

/**
 * Parts left out, repeated, put elsewhere and cut, and bytes changed, put in and taken out: one to four of
 * these.
 */
function damage(parts: readonly Buffer[], below: (limit: number) => number): Buffer {
  let some = [...parts]
  for (let times = below(3); times > 0; times--) {
    const at = below(some.length)
    const part = some[at] ?? Buffer.alloc(0)
    const other = below(some.length + 1)
    some = [some.toSpliced(at, 1), some.toSpliced(other, 0, part), some.toSpliced(at, 1, cut(part, below))][
      below(3)
    ] ?? [...parts]
  }
  const bytes = Buffer.concat(some)
  for (let times = below(4); times > 0 && bytes.length > 0; times--) {
    const at = below(bytes.length)
    bytes[at] = [below(256), (bytes[at] ?? 0) ^ (1 << below(8)), 0, 0xff][below(4)] ?? 0
  }
  return bytes
}

function cut(part: Buffer, below: (limit: number) => number): Buffer {
  return part.subarray(0, below(part.length + 1))
}

/** Sends it all, says that no more comes, and leaves when the server does, or after a moment. */
function send(port: number, bytes: Buffer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
  socket.setTimeout(PATIENCE_MS, () => socket.destroy())
  socket.on('error', () => {}).on('data', () => {})
  socket.on('close', () => resolve())
  return promise
}

/** A whole connection with two calls, frame by frame. */
function http2Parts(): readonly Buffer[] {
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  const settings = frame(4, 0, 0, Buffer.from('000300000064000400010000', 'hex'))
  const window = frame(8, 0, 0, Buffer.from('00010000', 'hex'))
  const ping = frame(6, 0, 0, Buffer.alloc(8, 7))
  const priority = frame(2, 0, 1, Buffer.from('0000000010', 'hex'))
  const reset = frame(3, 0, 3, Buffer.from('00000008', 'hex'))
  return [preface, settings, window, ...call(1), ping, priority, ...call(3), reset]
}

function call(stream: number): readonly Buffer[] {
  const headers = {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': GET,
    ':authority': 'localhost',
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': '1S',
  }
  const block = Buffer.concat(Object.entries(headers).map(([name, value]) => literalHeader(name, value)))
  const half = block.length >> 1
  const message = grpcFrame(getBytes(REQUEST))
  return [
    frame(1, 0, stream, block.subarray(0, half)),
    frame(9, 4, stream, block.subarray(half)),
    frame(0, 0, stream, message.subarray(0, 7)),
    frame(0, 1, stream, message.subarray(7)),
  ]
}

/** Without indexing and without Huffman's code, so that a changed byte changes what a header says. */
function literalHeader(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ])
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Two requests on one connection, line by line, the second one in chunks. */
function http1Parts(): readonly Buffer[] {
  const common = ['Host: localhost', 'Content-Type: application/json']
  const chunks = [BODY.slice(0, 9), BODY.slice(9)].map((text) => `${text.length.toString(16)}\r\n${text}\r\n`)
  const lines = [
    ...[`POST ${PATH} HTTP/1.1`, ...common, `Content-Length: ${BODY.length}`, '', ''],
    ...[`POST ${PATH} HTTP/1.1`, ...common, 'Transfer-Encoding: chunked', 'Expect: 100-continue', '', ''],
  ]
  const texts = lines.map((line) => `${line}\r\n`)
  texts[5] = BODY
  texts[texts.length - 1] = chunks.join('')
  return [...texts, '0\r\n\r\n'].map((text) => Buffer.from(text))
}
