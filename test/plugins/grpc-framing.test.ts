import { constants, type IncomingHttpHeaders } from 'node:http2'
import { status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { type MessageBlock, messagesOf } from '../../src/core/message-block.ts'
import { outcomeOfReset, readOutcome, refuseHeaders } from '../../src/plugins/grpc/call-outcome.ts'
import { FrameReader } from '../../src/plugins/grpc/frame-reader.ts'

describe('frames', () => {
  test('messages come out as they went in, wherever the byte stream was cut', () => {
    const random = randomNumbers(7)
    for (let round = 0; round < 300; round++) {
      const sent = Array.from({ length: 1 + (random() % 8) }, () => filled(random() % 40, random() % 256))
      const bytes = Buffer.concat(sent.map(frame))
      const received: MessageBlock[] = []
      const reader = new FrameReader(100)
      for (let at = 0; at < bytes.length; ) {
        const next = Math.min(bytes.length, at + 1 + (random() % 12))
        reader.read(bytes.subarray(at, next), received)
        at = next
      }
      expect(received.flatMap(messagesOf).map((message) => Buffer.from(message).toString('hex'))).toEqual(
        sent.map((message) => message.toString('hex')),
      )
      expect(reader.isMidMessage).toBe(false)
    }
  })

  test.each([1, 4, 5, 6, 14])('a stream that ends after %i of 15 bytes ends inside a message', (length) => {
    const reader = new FrameReader(100)
    const received: MessageBlock[] = []
    reader.read(frame(filled(10, 1)).subarray(0, length), received)
    expect(received).toEqual([])
    expect(reader.isMidMessage).toBe(true)
  })

  test('messages within one chunk stay where they are', () => {
    const chunk = frame(filled(10, 1))
    const received: MessageBlock[] = []
    new FrameReader(100).read(chunk, received)
    expect(received[0]?.bytes.buffer).toBe(chunk.buffer)
  })

  test('a message over the limit is refused before it is there, with its size', () => {
    const head = frame(filled(101, 1)).subarray(0, 5)
    expect(() => new FrameReader(100).read(head, [])).toThrow(
      /ERROR_PLUGIN_MESSAGE_SIZE: it sent a message of 101 bytes/,
    )
  })

  test('a compressed message, which nobody asked for, is refused', () => {
    const bytes = frame(filled(3, 1))
    bytes[0] = 1
    expect(() => new FrameReader(100).read(bytes, [])).toThrow(/ERROR_PLUGIN_FRAME/)
  })
})

describe('outcomes', () => {
  test('status 0 is success', () => {
    expect(readOutcome({ 'grpc-status': '0' })).toBeUndefined()
  })

  test('a status comes with its percent-decoded words', () => {
    const outcome = readOutcome({ 'grpc-status': '16', 'grpc-message': 'ERROR_X: 100%25 f%C3%BCr a/b' })
    expect(outcome).toMatchObject({ code: status.UNAUTHENTICATED, details: 'ERROR_X: 100% für a/b' })
  })

  test('words that are not percent-encoded well are taken as they are', () => {
    expect(readOutcome({ 'grpc-status': '2', 'grpc-message': '50% off' })).toMatchObject({
      details: '50% off',
    })
  })

  test.each([{}, { 'grpc-status': '' }, { 'grpc-status': 'ok' }, { 'grpc-status': '-1' }])(
    'trailers %j end a call without a status',
    (trailers) => {
      expect(readOutcome(trailers)).toMatchObject({ code: status.UNKNOWN })
    },
  )

  test.each([
    [200, 'application/grpc', undefined],
    [200, 'application/grpc+proto', undefined],
    [200, 'text/html', status.UNKNOWN],
    [200, undefined, status.UNKNOWN],
    [404, 'application/grpc', status.UNIMPLEMENTED],
    [503, 'text/plain', status.UNAVAILABLE],
    [500, 'text/plain', status.UNKNOWN],
  ])('HTTP status %i with type %s is read as %s', (httpStatus, type, code) => {
    const headers: IncomingHttpHeaders = {
      ':status': `${httpStatus}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    }
    expect(refuseHeaders(headers)?.code).toBe(code)
  })

  test.each([
    [constants.NGHTTP2_REFUSED_STREAM, true, status.UNAVAILABLE],
    [constants.NGHTTP2_CANCEL, true, status.CANCELLED],
    [constants.NGHTTP2_CANCEL, false, status.UNAVAILABLE],
    [constants.NGHTTP2_ENHANCE_YOUR_CALM, true, status.RESOURCE_EXHAUSTED],
    [constants.NGHTTP2_INTERNAL_ERROR, true, status.INTERNAL],
    [constants.NGHTTP2_NO_ERROR, true, status.INTERNAL],
    [constants.NGHTTP2_NO_ERROR, false, status.UNAVAILABLE],
  ])('a reset with code %i, connected: %s, is status %i', (rstCode, isConnected, code) => {
    expect(outcomeOfReset(rstCode, isConnected).code).toBe(code)
  })
})

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

function filled(length: number, value: number): Buffer {
  return Buffer.alloc(length, value)
}

/** The same numbers in each run, so that a failure can be repeated. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >>> 8
  }
}
