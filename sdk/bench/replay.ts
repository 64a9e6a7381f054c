/**
 * Serves recorded messages from memory: the yardstick of stream.ts. Arguments: the file that holds them with
 * their gRPC prefixes, and `bare` to write the file's bytes to HTTP/2 as they are, a chunk at a time, which
 * is as fast as any server can be.
 */
import { readFileSync } from 'node:fs'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import { type MethodDefinition, Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js'
import { COLLECTOR_SERVICE } from '../src/server/plugin-services.ts'
import { writeWindow } from './write-window.ts'

const PREFIX_BYTES = 5
const CHUNK_BYTES = 256 * 1024

const asItIs = (bytes: Buffer) => bytes
const COLLECT: MethodDefinition<Buffer, Buffer> = {
  path: `/${COLLECTOR_SERVICE}/collect`,
  requestStream: false,
  responseStream: true,
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
}

const recorded = readFileSync(process.argv[2] ?? '')
if (process.argv[3] === 'bare') serveBare()
else serveMessages(splitMessages(recorded))
process.stdin.on('end', () => process.exit(0)).resume()

function serveMessages(messages: readonly Buffer[]): void {
  const server = new Server({ 'grpc.enable_channelz': 0, interceptors: [writeWindow] })
  server.addService(
    { collect: COLLECT },
    { collect: (call: ServerWritableStream<Buffer, Buffer>) => void replay(call, messages) },
  )
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => announce(port))
}

function serveBare(): void {
  const server = createServer()
  server.on('stream', (stream) => void send(stream))
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    announce(address !== null && typeof address === 'object' ? address.port : 0)
  })
}

function announce(port: number): void {
  process.stdout.write(`GLEANER_PLUGIN_READY ${JSON.stringify({ port, protocol: 1 })}\n`)
}

async function send(stream: ServerHttp2Stream): Promise<void> {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  for (let at = 0; at < recorded.length; at += CHUNK_BYTES) {
    const isWaiting = !stream.write(recorded.subarray(at, at + CHUNK_BYTES))
    if (isWaiting) await new Promise((resolve) => stream.once('drain', resolve))
  }
  stream.end()
}

async function replay(
  call: ServerWritableStream<Buffer, Buffer>,
  messages: readonly Buffer[],
): Promise<void> {
  for (const message of messages) {
    if (!call.write(message)) await new Promise((resolve) => call.once('drain', resolve))
  }
  call.end()
}

function splitMessages(recorded: Buffer): readonly Buffer[] {
  const split: Buffer[] = []
  for (let at = 0; at < recorded.length; ) {
    const end = at + PREFIX_BYTES + recorded.readUInt32BE(at + 1)
    split.push(recorded.subarray(at + PREFIX_BYTES, end))
    at = end
  }
  return split
}
