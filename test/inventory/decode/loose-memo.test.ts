import { create, type JsonObject, type JsonValue, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { ResourceInfoSchema } from '../../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import {
  canonicalHash,
  decodeResourceInfo,
  MemoHasher,
  memoToUuid,
} from '../../../src/inventory/decode/index.ts'
import { generateMessage } from './support/generate-message.ts'
import { Random } from './support/random.ts'
import { entry, field, text, value } from './support/wire.ts'

const RUNS = Number(process.env.GLEANER_FUZZ_RUNS ?? 20_000)
const SEED = Number(process.env.GLEANER_FUZZ_SEED ?? 20_261_125)
const hasher = new MemoHasher(Buffer.from('sixteen bytes!!!'))

describe('the loose memo of a message', () => {
  test('is the same in any order of its maps, at any depth', () => {
    const random = new Random(SEED)
    for (let run = 0; run < 1_000; run++) {
      const resource = anyObject(random, 4)
      const memo = looseMemoOf(messageOf(resource))
      expect(memo, `run ${run}`).toBeDefined()
      expect(looseMemoOf(messageOf(shuffled(random, resource))), `run ${run}`).toBe(memo)
    }
  })

  test('differs where a list has another order, and where values change places', () => {
    const different = [
      { a: [1, 2], b: 'x', c: { d: 'y' } },
      { a: [2, 1], b: 'x', c: { d: 'y' } },
      { a: [1, 2], b: 'y', c: { d: 'x' } },
      { a: [1, 2], b: { d: 'y' }, c: 'x' },
      { a: [[1, 2]], b: 'x', c: { d: 'y' } },
      { a: [{ b: 1 }, { b: 2 }] },
      { a: [{ b: 2 }, { b: 1 }] },
      { a: [{ b: 1 }], c: [{ b: 2 }] },
      { a: [{ b: 2 }], c: [{ b: 1 }] },
      { a: [{}] },
      { a: [[]] },
      { a: [null] },
      { a: {} },
      { a: [] },
      { a: null },
      {},
    ].map((resource) => looseMemoOf(messageOf(resource)))
    expect(different).not.toContain(undefined)
    expect(new Set(different).size).toBe(different.length)
  })

  test(`never is that of a message that means something else, in ${RUNS} generated and damaged ones`, {
    timeout: 0,
  }, () => {
    const random = new Random(SEED)
    const meanings = new Map<string, string>()
    let withMemo = 0
    for (let run = 0; run < RUNS; run++) {
      const bytes = generateMessage(random)
      const memo = looseMemoOf(bytes)
      const decoded = decodeResourceInfo(bytes)
      if (memo === undefined || !decoded.ok) continue
      withMemo++
      const meaning = meaningOf(bytes)
      const { hasRepeats } = decoded.info
      const known = meanings.get(memo)
      if (known !== undefined && meaning !== known && !hasRepeats)
        expect.fail(`run ${run}: ${bytes.toString('hex')}`)
      if (!hasRepeats) meanings.set(memo, meaning)
    }
    expect(withMemo).toBeGreaterThan(RUNS / 100)
  })

  test('changes with every byte that changes what the message means', () => {
    const bytes = messageOf(anyObject(new Random(7), 3))
    const memo = looseMemoOf(bytes)
    const meaning = meaningOf(bytes)
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [1, 2, 8, 32, 128, 255]) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ mask
        if (looseMemoOf(changed) === memo) expect(meaningOf(changed), `byte ${at}`).toBe(meaning)
      }
    }
  })

  test('is missing where a message is written in an unusual way', () => {
    const one = value.number(1)
    const unusual = {
      'a value of two kinds': field(6, entry('a', Buffer.concat([one, value.null()]))),
      'a value of no kind': field(6, entry('a', Buffer.alloc(0))),
      'an entry without a value': field(6, entry('a')),
      'an entry of two values': field(6, entry('a', one, one)),
      'a value before its key': field(6, field(1, field(2, one), text(1, 'a'))),
      'an unknown field': Buffer.concat([field(6, entry('a', one)), text(9, 'x')]),
      'a field twice': Buffer.concat([field(6, entry('a', one)), field(6, entry('a', one))]),
      'more than there is': field(6, entry('a', one)).subarray(0, -1),
    }
    for (const [why, bytes] of Object.entries(unusual)) expect(looseMemoOf(bytes), why).toBeUndefined()
    expect(looseMemoOf(field(6, entry('a', one)))).toBeDefined()
  })

  test('is not kept for a map that has a key twice, of which the last one counts', () => {
    const [one, two] = [entry('a', value.number(1)), entry('a', value.number(2))]
    const bytes = field(6, one, two)
    expect(looseMemoOf(bytes)).toBe(looseMemoOf(field(6, two, one)))
    expect(decodeResourceInfo(bytes)).toMatchObject({ info: { hasRepeats: true, resource: { a: 2 } } })
    const inside = field(6, entry('b', value.struct(one, two)))
    expect(decodeResourceInfo(inside)).toMatchObject({ info: { hasRepeats: true } })
    expect(decodeResourceInfo(field(6, one))).not.toMatchObject({ info: { hasRepeats: true } })
  })
})

function looseMemoOf(bytes: Uint8Array): string | undefined {
  const into = new Uint32Array(4)
  return hasher.hashLoosely(bytes, into) ? memoToUuid(into) : undefined
}

function meaningOf(bytes: Uint8Array): string {
  const decoded = decodeResourceInfo(bytes)
  if (!decoded.ok) return decoded.reason
  const { state, message, resourceType, matchRules, resource, options } = decoded.info
  return canonicalHash([state, message, resourceType, matchRules ?? 0, resource ?? 0, options ?? 0])
}

function messageOf(resource: JsonObject): Buffer {
  const matchRules = { '1': ['reference.resource_id'] }
  const message = create(ResourceInfoSchema, {
    state: 1,
    resourceType: 'inventory.Any',
    matchRules,
    resource,
  })
  return Buffer.from(toBinary(ResourceInfoSchema, message))
}

function anyObject(random: Random, levels: number): JsonObject {
  const object: JsonObject = {}
  for (let left = 1 + random.below(7); left > 0; left--)
    object[`k${random.below(50)}`] = anyJson(random, levels)
  return object
}

function anyJson(random: Random, levels: number): JsonValue {
  switch (random.below(levels > 0 ? 7 : 4)) {
    case 0:
      return random.pick([null, true, false])
    case 1:
      return random.below(1_000) / 4
    case 2:
    case 3:
      return 'x'.repeat(random.below(40)) + random.below(100)
    case 4:
      return Array.from({ length: random.below(5) }, () => anyJson(random, levels - 1))
    default:
      return anyObject(random, levels - 1)
  }
}

function shuffled(random: Random, json: JsonObject): JsonObject
function shuffled(random: Random, json: JsonValue): JsonValue
function shuffled(random: Random, json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map((each) => shuffled(random, each))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    random.shuffle(Object.entries(json)).map(([key, each]) => [key, shuffled(random, each)]),
  )
}
