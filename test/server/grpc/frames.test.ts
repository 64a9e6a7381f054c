import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { KNOWN_DOMAIN, startApi, type TestApi } from '../../support/api-server.ts'
import { grpcFrame, http2Call } from '../../support/http2-call.ts'
import { GET, getBytes, regionService } from '../region-service.ts'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const good = getBytes({ regionId: 'r', domainId: KNOWN_DOMAIN })

let api: TestApi
beforeAll(async () => {
  api = await startApi([regionService().service])
})
afterAll(() => api.stop())

afterEach(async () => {
  expect(await api.call(GET, good), 'the server still serves').toMatchObject({ code: 0 })
})

test.each([
  ['an HTTP/1.1 request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['random bytes', Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7_919) % 251))],
  ['a preface with garbage behind it', Buffer.concat([Buffer.from(PREFACE), Buffer.alloc(64, 0xff)])],
  [
    'headers that are no header block',
    Buffer.concat([Buffer.from(PREFACE), frame(4, 0, 0, ''), frame(1, 5, 1, 'ff'.repeat(40))]),
  ],
  [
    'data for a stream that was never opened',
    Buffer.concat([Buffer.from(PREFACE), frame(4, 0, 0, ''), frame(0, 1, 7, '0000000000')]),
  ],
  ['a frame of 16 MiB', Buffer.concat([Buffer.from(PREFACE), Buffer.from('ffffff000000000001', 'hex')])],
  [
    'a thousand resets',
    Buffer.concat([
      Buffer.from(PREFACE),
      frame(4, 0, 0, ''),
      ...Array.from({ length: 1_000 }, (_, i) => frame(3, 0, 2 * i + 1, '00000008')),
    ]),
  ],
])('%s on the gRPC port ends that connection only', async (_what, bytes) => {
  await api.raw(api.grpcPort, bytes)
})

test.each([
  ['no content type', { 'content-type': '' }],
  ['a foreign content type', { 'content-type': 'application/json' }],
  ['a deadline that is none', { 'grpc-timeout': 'soon' }],
  ['an encoding nobody knows', { 'grpc-encoding': 'zip' }],
  ['binary metadata that is no base64', { 'x-bin': '%%%' }],
])('a call with %s is answered or refused', async (_what, headers) => {
  await http2Call(api.grpcPort, GET, grpcFrame(good), headers)
})

test('a path that does not exist is UNIMPLEMENTED', async () => {
  expect(await http2Call(api.grpcPort, '/no/such', grpcFrame(good))).toMatchObject({ grpcStatus: '12' })
})

test.each([
  ['shorter than it says', grpcFrame(good, { length: good.length + 10 })],
  ['without its head', Buffer.from([0, 0])],
  ['of nothing', Buffer.alloc(0)],
  ['with a compression flag of 7', grpcFrame(good, { compressed: 7 })],
  ['marked as compressed although it is not', grpcFrame(good, { compressed: 1 })],
  ['followed by a second one', Buffer.concat([grpcFrame(good), grpcFrame(good)])],
  ['that claims 4 GiB', grpcFrame(good, { length: 0xffffffff })],
])('a message %s is answered or refused', async (_what, body) => {
  for (const headers of [{}, { 'grpc-encoding': 'gzip' }, { 'grpc-encoding': 'deflate' }]) {
    await http2Call(api.grpcPort, GET, body, headers)
  }
})

test('a compressed message is understood, a cut one is refused', async () => {
  const zipped = gzipSync(good)
  const whole = grpcFrame(zipped, { compressed: 1 })
  const cut = grpcFrame(zipped.subarray(0, 10), { compressed: 1 })
  expect(await http2Call(api.grpcPort, GET, whole, { 'grpc-encoding': 'gzip' })).toMatchObject({
    grpcStatus: '0',
  })
  expect((await http2Call(api.grpcPort, GET, cut, { 'grpc-encoding': 'gzip' })).grpcStatus).not.toBe('0')
})

/** One HTTP/2 frame. */
function frame(type: number, flags: number, stream: number, hex: string): Buffer {
  const payload = Buffer.from(hex, 'hex')
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
