import { gzipSync } from 'node:zlib'
import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KNOWN_DOMAIN, startApi, type TestApi } from '../support/api-server.ts'
import { grpcFrame, http2Call } from '../support/http2-call.ts'
import { CREATE, createBytes, regionService } from './region-service.ts'

const PATH = '/inventory/v1/region/create'
const TAGS = 4

let api: TestApi
const { service, seen } = regionService()
beforeAll(async () => {
  api = await startApi([service])
})
afterAll(() => api.stop())

describe('nesting', () => {
  test.each([1, 50, 99])('of %i levels below a Struct is accepted by both', async (levels) => {
    const overRest = await api.post(PATH, restBody(nestedText(levels)))
    const overGrpc = await api.call(CREATE, createBytes({ domainId: KNOWN_DOMAIN, tags: nested(levels) }))
    expect(overRest.status).toBe(200)
    expect(overGrpc.code).toBe(0)
  })

  test.each([100, 105, 500, 10_000, 100_000])('of %i levels is refused by both', async (levels) => {
    const overRest = await api.post(PATH, restBody(nestedText(levels)))
    const overGrpc = await api.call(CREATE, nestedBytes(levels))
    expect(overRest).toMatchObject({ status: 400, text: expect.stringContaining('deeper than 100 levels') })
    expect(overGrpc).toMatchObject({ code: 3, details: expect.stringContaining('deeper than 100 levels') })
  })

  test('of lists counts like nesting of objects', async () => {
    const overRest = await api.post(PATH, restBody(`{"a":${'['.repeat(99)}${']'.repeat(99)}}`))
    expect(overRest).toMatchObject({ status: 400, text: expect.stringContaining('deeper than 100 levels') })
  })

  test('of 1,000,000 levels of brackets is refused without reading the rest', async () => {
    const overRest = await api.post(PATH, '['.repeat(1_000_000))
    expect(overRest).toMatchObject({ status: 400, text: expect.stringContaining('line 1, column 101') })
  })

  test('of groups in unknown fields is refused', async () => {
    const startGroup = 0x9b06
    const bytes = Buffer.alloc(100_000)
    for (let at = 0; at < bytes.length; at += 2) bytes.writeUInt16BE(startGroup, at)
    expect(await api.call(CREATE, bytes)).toMatchObject({ code: 3 })
  })
})

describe('text that cannot be stored', () => {
  test.each([
    ['U+0000 in a field', { name: 'a\u0000b' }, 'U+0000'],
    ['U+0000 in a Struct', { tags: { a: ['b\u0000'] } }, 'U+0000'],
    ['U+0000 in a key', { tags: { 'a\u0000': 1 } }, 'U+0000'],
  ])('%s is refused by both', async (_what, request, message) => {
    const overRest = await api.post(PATH, JSON.stringify({ domain_id: KNOWN_DOMAIN, ...request }))
    const overGrpc = await api.call(CREATE, createBytes({ domainId: KNOWN_DOMAIN, ...request }))
    expect(overRest).toMatchObject({ status: 400, text: expect.stringContaining(message) })
    expect(overGrpc).toMatchObject({ code: 3, details: expect.stringContaining(message) })
  })

  test('half a surrogate pair is refused', async () => {
    const { status, text } = await api.post(PATH, `{"domain_id":"${KNOWN_DOMAIN}","tags":{"a":"\\ud800"}}`)
    expect(status).toBe(400)
    expect(text).toContain("parameter 'tags.a' is invalid: text with half a surrogate pair")
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'the number %s in a Struct is refused',
    async (number) => {
      const bytes = Buffer.concat([createBytes({ domainId: KNOWN_DOMAIN }), tagsField(structOf(number))])
      expect(await api.call(CREATE, bytes)).toMatchObject({
        code: 3,
        details: expect.stringContaining("'tags.a' is invalid: NaN and Infinity"),
      })
    },
  )

  test('a number too large for a double is refused', async () => {
    const { status, text } = await api.post(PATH, restBody('{"a":1e999}'))
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining('NaN and Infinity') })
  })
})

describe('size', () => {
  test('of 3 MiB is accepted by both', async () => {
    const tags = { a: 'x'.repeat(3 * 1024 * 1024) }
    const overRest = await api.post(PATH, JSON.stringify({ domain_id: KNOWN_DOMAIN, tags }))
    const overGrpc = await api.call(CREATE, createBytes({ domainId: KNOWN_DOMAIN, tags }))
    expect([overRest.status, overGrpc.code]).toEqual([200, 0])
  })

  test('over 4 MiB is refused by both', async () => {
    const tags = { a: 'x'.repeat(4 * 1024 * 1024) }
    const overRest = await api.post(PATH, JSON.stringify({ domain_id: KNOWN_DOMAIN, tags }))
    const overGrpc = await api.call(CREATE, createBytes({ domainId: KNOWN_DOMAIN, tags }))
    expect(overRest).toMatchObject({ status: 413, text: expect.stringContaining('ERROR_REQUEST_TOO_LARGE') })
    expect(overGrpc.code).toBe(8)
  })

  test('counts after decompression over gRPC: a bomb is refused', async () => {
    const bomb = grpcFrame(gzipSync(Buffer.alloc(160 * 1024 * 1024)), { compressed: 1 })
    const before = process.memoryUsage().rss
    const answer = await http2Call(api.grpcPort, CREATE, bomb, { 'grpc-encoding': 'gzip' })
    expect(answer).toMatchObject({
      grpcStatus: '8',
      grpcMessage: expect.stringContaining('larger than 4194304'),
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })

  test('compressed REST bodies are refused', async () => {
    const { status, text } = await api.post(PATH, '{}', { 'content-encoding': 'gzip' })
    expect({ status, text }).toMatchObject({
      status: 415,
      text: expect.stringContaining('ERROR_CONTENT_ENCODING'),
    })
  })

  test('of 60,000 keys is refused by both', async () => {
    const tags = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 1]))
    const overRest = await api.post(PATH, JSON.stringify({ domain_id: KNOWN_DOMAIN, tags }))
    const overGrpc = await api.call(CREATE, createBytes({ domainId: KNOWN_DOMAIN, tags }))
    expect(overRest).toMatchObject({ status: 400, text: expect.stringContaining('more than 50000') })
    expect(overGrpc).toMatchObject({ code: 3, details: expect.stringContaining('more than 50000') })
  })
})

describe('a field that stands twice', () => {
  test('is refused over REST', async () => {
    const { status, text } = await api.post(PATH, '{"name":"a","name":"b"}')
    expect({ status, text }).toMatchObject({
      status: 400,
      text: expect.stringContaining('line 1, column 13'),
    })
  })

  test('is refused over gRPC before merging a Struct 50,000 times', async () => {
    const one = tagsField(structOf(1))
    const bytes = Buffer.concat(Array.from({ length: 50_000 }, () => one))
    expect(await api.call(CREATE, bytes)).toMatchObject({
      code: 3,
      details: expect.stringContaining("'tags' is invalid: it stands in the request more than once"),
    })
  })
})

describe('bytes that are no message', () => {
  test.each([
    ['random bytes', Buffer.from('ffffffffffffffffffff', 'hex')],
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x61])],
    ['text that is not UTF-8', Buffer.from([0x0a, 0x02, 0xff, 0xfe])],
    ['field number 0', Buffer.from([0x02, 0x01, 0x61])],
  ])('%s are INVALID_ARGUMENT and say so', async (_what, bytes) => {
    const { code, details } = await api.call(CREATE, bytes)
    expect(code).toBe(3)
    expect(details).toMatch(
      /^ERROR_INVALID_PARAMETER: the request of 'spaceone.*Region.create' is not a valid message/,
    )
  })

  test('no request was let through to the verb', () => {
    expect(seen.created.every((request) => request.name !== 'a')).toBe(true)
  })
})

function restBody(tags: string): string {
  return `{"domain_id":"${KNOWN_DOMAIN}","tags":${tags}}`
}

/** `levels` objects inside each other. */
function nestedText(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}

function nested(levels: number) {
  return JSON.parse(nestedText(levels))
}

/** Built from the inside out: no encoder of ours would go that deep. */
function nestedBytes(levels: number): Buffer {
  let value = Buffer.from([0x11, 0, 0, 0, 0, 0, 0, 0, 0])
  const pieces: Buffer[] = []
  let length = value.length
  for (let level = 0; level < levels; level++) {
    const key = Buffer.from([0x0a, 1, 0x61])
    const inEntry = Buffer.concat([key, Buffer.from([0x12]), varint(length)])
    const entryLength = inEntry.length + length
    const inStruct = Buffer.concat([Buffer.from([0x0a]), varint(entryLength)])
    const structLength = inStruct.length + entryLength
    const head = level === levels - 1 ? [] : [Buffer.from([0x2a]), varint(structLength)]
    pieces.push(Buffer.concat([...head, inStruct, inEntry]))
    length = structLength + Buffer.concat(head).length
  }
  value = Buffer.concat([...pieces.reverse(), value])
  return tagsField(value)
}

function varint(value: number): Buffer {
  return Buffer.from(new BinaryWriter().uint32(value).finish())
}

function structOf(number: number): Uint8Array {
  return toBinary(
    StructSchema,
    create(StructSchema, { fields: { a: { kind: { case: 'numberValue', value: number } } } }),
  )
}

function tagsField(struct: Uint8Array): Buffer {
  return Buffer.from(new BinaryWriter().tag(TAGS, WireType.LengthDelimited).bytes(struct).finish())
}
