/**
 * A plugin that replays a message file (`message-file.ts`) as fast as the reader takes it, so that it is
 * never the bottleneck of a benchmark: it speaks HTTP/2 by hand and sends bytes of the file as they are.
 *
 * Options of `collect`:
 * - `file`: path of the message file (required).
 * - `from`, `to`: the first message to send and the one after the last (default: all).
 * - `repeat`: how many times that is sent (default 1).
 * - `shuffle_seed`: sends each round in an order made from this number (default: the file's order).
 */

import { closeSync, openSync, readSync } from 'node:fs'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import { create, fromBinary, type JsonObject, toBinary } from '@bufbuild/protobuf'
import {
  CollectRequestSchema,
  PluginInfoSchema,
} from '../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { FRAME_HEAD, frameOf, indexMessageFile } from './message-file.ts'

const CHUNK = 262_144
const OK = 0
const INVALID_ARGUMENT = 3
const UNIMPLEMENTED = 12

const METADATA: JsonObject = {
  filter_format: [],
  supported_resource_type: ['inventory.CloudService', 'inventory.CloudServiceType', 'inventory.Region'],
  supported_features: ['garbage_collection'],
  supported_schedules: ['hours'],
}

type Replay = {
  file: number
  offsets: Float64Array
  from: number
  to: number
  repeat: number
  seed: number | undefined
}

const indexes = new Map<string, Float64Array>()

serve()

function serve(): void {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    const method = String(headers[':path']).split('/').pop()
    if (method === 'init')
      reply(stream, toBinary(PluginInfoSchema, create(PluginInfoSchema, { metadata: METADATA })))
    else if (method === 'verify') reply(stream, new Uint8Array())
    else if (method === 'collect') void collect(stream)
    else fail(stream, UNIMPLEMENTED, `there is no method ${method}`)
  })
  server.listen(Number(process.env.GLEANER_PLUGIN_PORT ?? 0), '127.0.0.1', () => {
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    process.stdout.write(`GLEANER_PLUGIN_READY ${JSON.stringify({ port, protocol: 1 })}\n`)
  })
  for (const event of ['end', 'close']) process.stdin.on(event, () => process.exit(0))
  process.stdin.resume()
  process.on('SIGTERM', () => process.exit(0))
}

async function collect(stream: ServerHttp2Stream): Promise<void> {
  let replay: Replay | undefined
  try {
    const request = fromBinary(CollectRequestSchema, (await readBody(stream)).subarray(FRAME_HEAD))
    replay = openReplay(request.options ?? {})
    begin(stream)
    for (let round = 0; round < replay.repeat && !stream.destroyed; round++)
      await sendRound(stream, replay, round)
    stream.end()
  } catch (error) {
    fail(
      stream,
      INVALID_ARGUMENT,
      `ERROR_INVALID_PARAMETER: ${error instanceof Error ? error.message : error}`,
    )
  } finally {
    if (replay !== undefined) closeSync(replay.file)
  }
}

function openReplay(options: JsonObject): Replay {
  const { file: path } = options
  if (typeof path !== 'string') throw new Error("option 'file' must be the path of a message file")
  const file = openSync(path, 'r')
  const offsets = indexes.get(path) ?? indexMessageFile(file)
  indexes.set(path, offsets)
  const count = offsets.length - 1
  const seed = options.shuffle_seed
  return {
    file,
    offsets,
    from: clamp(options.from, 0, count),
    to: clamp(options.to, count, count),
    repeat: Number(options.repeat ?? 1),
    seed: seed === undefined || seed === null ? undefined : Number(seed),
  }
}

function clamp(value: unknown, otherwise: number, max: number): number {
  if (value === undefined || value === null) return otherwise
  return Math.max(0, Math.min(max, Math.floor(Number(value))))
}

async function sendRound(stream: ServerHttp2Stream, replay: Replay, round: number): Promise<void> {
  const chunks = replay.seed === undefined ? inOrder(replay) : shuffled(replay, replay.seed + round)
  for (const chunk of chunks) {
    if (stream.destroyed) return
    if (!stream.write(chunk)) await drained(stream)
  }
}

function* inOrder({ file, offsets, from, to }: Replay): Generator<Buffer> {
  const end = offsets[Math.max(from, to)] ?? 0
  for (let at = offsets[from] ?? end; at < end; ) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, end - at))
    const got = readSync(file, chunk, 0, chunk.length, at)
    if (got === 0) return
    at += got
    yield chunk.subarray(0, got)
  }
}

function* shuffled({ file, offsets, from, to }: Replay, seed: number): Generator<Buffer> {
  let chunk = Buffer.allocUnsafeSlow(CHUNK)
  let filled = 0
  for (const number of permutation(from, to, seed)) {
    const start = offsets[number] ?? 0
    const length = (offsets[number + 1] ?? start) - start
    if (filled > 0 && filled + length > chunk.length) {
      yield chunk.subarray(0, filled)
      chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, length))
      filled = 0
    }
    if (length > chunk.length) chunk = Buffer.allocUnsafeSlow(length)
    filled += readSync(file, chunk, filled, length, start)
  }
  yield chunk.subarray(0, filled)
}

/** The numbers from..to in an order that depends on the seed alone (Fisher-Yates over a 32-bit mixer). */
function permutation(from: number, to: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  let state = seed >>> 0
  for (let last = order.length - 1; last > 0; last--) {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    const other = ((mixed ^ (mixed >>> 16)) >>> 0) % (last + 1)
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  return order
}

async function readBody(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function reply(stream: ServerHttp2Stream, message: Uint8Array): void {
  stream.resume()
  begin(stream)
  stream.end(frameOf(message))
}

function begin(stream: ServerHttp2Stream): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(OK) }))
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
}

/** Ends a call with a status; once bytes have been sent only the connection can say that something broke. */
function fail(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.resume()
  if (stream.headersSent) {
    stream.close(2)
    return
  }
  const headers = { 'grpc-status': String(status), 'grpc-message': encodeURIComponent(message) }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { endStream: true })
}

function drained(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      stream.off('drain', go)
      stream.off('close', go)
      resolve()
    }
    stream.on('drain', go)
    stream.on('close', go)
  })
}
