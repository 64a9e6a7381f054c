import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, test } from 'vitest'
import { CollectBatchSchema } from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import {
  CollectRequestSchema,
  ResourceInfo_State,
  ResourceInfoSchema,
} from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { GetTaskRequestSchema } from '../../src/gen/spaceone/api/inventory/plugin/job_pb.ts'
import type { JsonObject, JsonValue } from '../../src/json.ts'
import { ByteBlock } from '../../src/wire/byte-block.ts'
import { MalformedMessage, ProtoReader } from '../../src/wire/proto-reader.ts'
import { readStruct } from '../../src/wire/read-struct.ts'
import { decodeRequest, REQUESTS } from '../../src/wire/requests.ts'
import { encodeResource, encodeStruct } from '../../src/wire/resource-message.ts'
import { UnwritableValue } from '../../src/wire/write-struct.ts'
import { createDice, randomDocument } from '../support/random-json.ts'

const SEEDS = Array.from({ length: 500 }, (_, seed) => seed)

describe('writing', () => {
  test('the generated code reads back what was written, for 500 random documents', () => {
    for (const seed of SEEDS) {
      const resource = randomDocument(seed)
      const bytes = encodeResource({ state: 'FAILURE', message: 'm', resourceType: 't', resource })
      const read = fromBinary(ResourceInfoSchema, bytes)
      expect(read.resource, `seed ${seed}`).toEqual(resource)
      expect(read).toMatchObject({ state: ResourceInfo_State.FAILURE, message: 'm', resourceType: 't' })
    }
  })

  test('the order in which keys were set does not show in the bytes', () => {
    for (const seed of SEEDS) {
      const document = randomDocument(seed)
      expect(encodeStruct(reversed(document)), `seed ${seed}`).toEqual(encodeStruct(document))
    }
  })

  test('objects with the same first key and different others are not confused', () => {
    const documents = [{ a: 1, c: 2, b: 3 }, { a: 1, b: 2, d: 3 }, { a: 1 }, { a: 1, c: 2, b: 3 }]
    for (const document of documents) expect(readBack(document)).toEqual(document)
  })

  test('more sets of keys behind one first key than are remembered are each written whole', () => {
    const documents = Array.from({ length: 40 }, (_, n) => ({ name: n, [`z${n}`]: 1, [`a${n % 7}`]: [n] }))
    for (const document of [...documents, ...documents.toReversed()])
      expect(readBack(document)).toEqual(document)
  })

  test('undefined is left out, dates are UTC text, bigints are text, minus zero is zero, broken text is mended', () => {
    const written = {
      gone: undefined,
      at: new Date(0),
      big: 2n ** 64n,
      zero: -0,
      half: 'a\ud800',
      list: [undefined],
    }
    expect(readBack(written)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      big: '18446744073709551616',
      zero: 0,
      half: 'a\ufffd',
      list: [null],
    })
    expect(encodeStruct({ zero: -0 })).toEqual(encodeStruct({ zero: 0 }))
  })

  test('a document larger than the first buffer is written whole', () => {
    const document = { texts: Array.from({ length: 3000 }, (_, index) => `${index}`.padStart(100, 'é')) }
    expect(readBack(document)).toEqual(document)
  })

  test.each([
    ['a number that JSON cannot hold', { a: { b: [Number.NaN] } }, 'a.b'],
    ['a function', { a: () => 'secret' }, 'a'],
    ['a Map', { a: new Map([['k', 'secret']]) }, 'a'],
    ['an invalid date', { a: new Date(Number.NaN) }, 'a'],
  ])('%s is refused with its path', (_, document, path) => {
    const error = thrownBy(() => encodeStruct(document))
    expect(error).toBeInstanceOf(UnwritableValue)
    expect(error).toMatchObject({ path: path.split('.') })
  })

  test('a document that contains itself is refused', () => {
    const document: Record<string, unknown> = {}
    document.self = document
    expect(() => encodeStruct(document)).toThrow(/nested deeper than 100/)
  })
})

test('a batch of messages of every length is one message that the generated code reads', () => {
  const lengths = [0, 1, 127, 128, 16_383, 16_384, 70_000, 3]
  const buffer = new ByteBlock(1024)
  const resources = lengths.map((length) =>
    toBinary(ResourceInfoSchema, create(ResourceInfoSchema, { message: 'm'.repeat(length) })),
  )
  for (const resource of resources) buffer.addField(0x0a, resource)
  const first = buffer.take()
  buffer.addField(0x0a, resources[1] ?? new Uint8Array())
  const second = buffer.take()

  const read = fromBinary(CollectBatchSchema, first).resources
  expect(Buffer.concat(read)).toEqual(Buffer.concat(resources))
  expect(fromBinary(CollectBatchSchema, second).resources.map((each) => each.length)).toEqual([3])
  expect(buffer.length).toBe(0)
})

describe('reading', () => {
  test('what the generated code writes is read, for 500 random documents', () => {
    for (const seed of SEEDS) {
      const [options, secretData] = [randomDocument(seed), randomDocument(seed + 1000)]
      const collect = create(CollectRequestSchema, {
        options,
        secretData,
        filter: { a: 1 },
        taskOptions: { b: 2 },
      })
      const tasks = create(GetTaskRequestSchema, { options, secretData, taskFilter: { ignored: true } })
      expect(
        decodeRequest(REQUESTS.collect, toBinary(CollectRequestSchema, collect)),
        `seed ${seed}`,
      ).toEqual({
        options,
        secretData,
        filter: { a: 1 },
        taskOptions: { b: 2 },
        known: [],
        measured: [],
      })
      expect(decodeRequest(REQUESTS.get_tasks, toBinary(GetTaskRequestSchema, tasks))).toMatchObject({
        options,
        secretData,
        filter: {},
      })
    }
  })

  test('an object that was not sent is empty', () => {
    const empty = { options: {}, secretData: {}, filter: {}, taskOptions: {}, known: [], measured: [] }
    expect(decodeRequest(REQUESTS.collect, new Uint8Array())).toEqual(empty)
  })

  test('damaged bytes are read or refused, and nothing else happens', () => {
    const dice = createDice(7)
    let refused = 0
    for (const seed of SEEDS) {
      const bytes = Buffer.from(
        toBinary(StructSchema, fromBinary(StructSchema, encodeStruct(randomDocument(seed)))),
      )
      for (let round = 0; round < 20 && bytes.length > 0; round++) {
        const damaged = Buffer.from(bytes.subarray(0, 1 + dice(bytes.length)))
        damaged[dice(damaged.length)] = dice(256)
        const error = thrownBy(() => readStruct(new ProtoReader(damaged)))
        if (error === undefined) continue
        expect(error).toBeInstanceOf(MalformedMessage)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(1000)
  })

  test('a key named __proto__ stays a key', () => {
    const read = readStruct(new ProtoReader(encodeStruct(JSON.parse('{"__proto__": {"polluted": true}}'))))
    expect(Object.getOwnPropertyNames(read)).toEqual(['__proto__'])
    expect('polluted' in {}).toBe(false)
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  test('a document nested too deep is refused before the stack ends', () => {
    let bytes: Uint8Array = new Uint8Array()
    for (let depth = 0; depth < 5000; depth++) bytes = nest(bytes)
    expect(() => readStruct(new ProtoReader(bytes))).toThrow(MalformedMessage)
  })
})

function readBack(document: object): JsonObject | undefined {
  const bytes = encodeResource({ state: 'SUCCESS', resourceType: 't', resource: document })
  return fromBinary(ResourceInfoSchema, bytes).resource
}

function reversed(value: JsonObject): JsonObject {
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, child]): [string, JsonValue] => [key, reversedValue(child)]))
}

function reversedValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversedValue)
  return typeof value === 'object' && value !== null ? reversed(value) : value
}

/** A Struct whose only value is a Struct with these bytes. */
function nest(inner: Uint8Array): Uint8Array {
  const field = (tag: number, content: Uint8Array) => {
    const length: number[] = []
    let rest = content.length
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128)
    return Buffer.concat([Buffer.from([tag, ...length, rest]), content])
  }
  return field(0x0a, field(0x12, field(0x2a, inner)))
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
