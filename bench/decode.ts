/**
 * What one message of about 2 KB costs on its way from bytes to a checked resource, and what the tables of
 * known messages cost. One JSON line a figure, the best of several rounds. Run: `node bench/decode.ts
 * [messages]`.
 */
import { randomFillSync } from 'node:crypto'
import { fromBinary } from '@bufbuild/protobuf'
import { ResourceInfoSchema } from '../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import {
  canonicalHash,
  createMemoTable,
  decodeResource,
  decodeResourceInfo,
  encodeSlots,
  forEachRun,
  type JsonObject,
  MEMO_BYTES,
  MemoHasher,
  SlotSet,
} from '../src/inventory/decode/index.ts'
import { makeMessages } from './documents.ts'
import { printFigure } from './figures.ts'

const ROUNDS = 100
const ROWS = 100_000

measureMessages([...makeMessages(Number(process.argv[2] ?? 200))].map((bytes) => Buffer.from(bytes)))
measureTables()

function measureMessages(messages: readonly Buffer[]): void {
  const hasher = new MemoHasher(Buffer.alloc(16, 'bench'))
  const memo = new Uint32Array(4)
  const resources = [...makeMessages(messages.length, { isReordered: true })].map(resourceOf)
  const us = bestOfRounds({
    protobufEs: () => messages.forEach((bytes) => void fromBinary(ResourceInfoSchema, bytes)),
    decode: () => messages.forEach((bytes) => void decodeResourceInfo(bytes)),
    understand: () => messages.forEach((bytes) => void decodeResource(bytes)),
    canonical: () => resources.forEach((resource) => void canonicalHash(resource)),
    memo: () => messages.forEach((bytes) => void hasher.hash(bytes, memo)),
    loose: () => messages.forEach((bytes) => void hasher.hashLoosely(bytes, memo)),
  }).map((milliseconds) => (milliseconds * 1000) / messages.length)
  const [protobufEs = 0, decode = 0, understand = 0, canonical = 0, memoUs = 0, loose = 0] = us

  const bytes = messages.reduce((sum, message) => sum + message.length, 0)
  printFigure('decode.message_bytes', bytes / messages.length, 'B')
  printFigure('decode.protobuf_es_us', protobufEs, 'us')
  printFigure('decode.struct_us', decode, 'us')
  printFigure('decode.struct_to_protobuf_es', decode / protobufEs, 'ratio')
  printFigure('decode.resource_us', understand, 'us')
  printFigure('decode.canonical_hash_us', canonical, 'us')
  printFigure('decode.canonical_to_struct', canonical / decode, 'ratio')
  printFigure('decode.memo_us', memoUs, 'us')
  printFigure('decode.memo_to_struct', memoUs / decode, 'ratio')
  printFigure('decode.loose_memo_us', loose, 'us')
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function measureTables(): void {
  const slots = Int32Array.from({ length: ROWS }, (_, slot) => slot)
  const stored = randomFillSync(new Uint8Array(ROWS * MEMO_BYTES))
  const memos = Array.from({ length: ROWS }, (_, row) => new Uint32Array(stored.buffer, row * MEMO_BYTES, 4))
  const rows = Buffer.concat(
    memos.map((memo, slot) =>
      Buffer.from([...int4(slot), ...new Uint8Array(memo.buffer, memo.byteOffset, 16)]),
    ),
  )
  const load = () => {
    const table = createMemoTable(ROWS)
    table.loadPacked(rows, { stride: 4 + MEMO_BYTES, memoAt: 4 })
    return table
  }
  const table = load()
  const thousand = slots.subarray(0, 1000)
  const packed = encodeSlots(thousand)
  const [loadMs = 0, find = 0, see = 0, encode = 0, decode = 0] = bestOfRounds({
    load: () => void load(),
    find: () => memos.forEach((memo) => void table.find(memo)),
    see: () => {
      const seen = new SlotSet(ROWS)
      slots.forEach((slot) => void seen.add(slot))
    },
    encode: () => void encodeSlots(thousand),
    decode: () => forEachRun(packed, () => {}),
  })

  printFigure('decode.table_load_100k_ms', loadMs, 'ms')
  printFigure('decode.table_find_ns', (find * 1e6) / ROWS, 'ns')
  printFigure('decode.table_1m_bytes', createMemoTable(1_000_000).byteLength, 'B')
  printFigure('decode.seen_add_ns', (see * 1e6) / ROWS, 'ns')
  printFigure('decode.encode_1000_slots_us', encode * 1000, 'us')
  printFigure('decode.decode_1000_slots_us', decode * 1000, 'us')
}

function resourceOf(bytes: Uint8Array): JsonObject {
  const decoded = decodeResourceInfo(bytes)
  return decoded.ok ? (decoded.info.resource ?? {}) : {}
}

/**
 * Milliseconds of each piece of work. The pieces are short and take turns: on a busy machine some round of
 * each runs undisturbed.
 */
function bestOfRounds(work: Readonly<Record<string, () => void>>): number[] {
  const best = Object.values(work).map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, run] of Object.values(work).entries()) {
      const startedAt = performance.now()
      run()
      best[index] = Math.min(best[index] ?? 0, performance.now() - startedAt)
    }
  }
  return best
}
