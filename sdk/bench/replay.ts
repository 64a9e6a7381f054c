/**
 * Serves recorded messages from memory: the yardstick of stream.ts. Arguments: the file that holds them with their
 * gRPC prefixes, and `plain` to serve without the SDK's write window, as grpc-js does by itself.
 */
import { readFileSync } from 'node:fs'
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js'
import { COLLECTOR_SERVICE } from '../src/server/plugin-services.ts'
import { rawMethod } from '../src/server/service.ts'
import { writeWindow } from '../src/server/write-window.ts'

const PREFIX_BYTES = 5

const isPlain = process.argv[3] === 'plain'
const messages = splitMessages(readFileSync(process.argv[2] ?? ''))
const server = new Server({ 'grpc.enable_channelz': 0, interceptors: isPlain ? [] : [writeWindow] })
server.addService(
  { collect: rawMethod(COLLECTOR_SERVICE, 'collect', { responseStream: true }) },
  { collect: (call: ServerWritableStream<Buffer, Buffer>) => void replay(call) },
)
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => {
  process.stdout.write(`GLEANER_PLUGIN_READY ${JSON.stringify({ port, protocol: 1 })}\n`)
})
process.stdin.on('end', () => process.exit(0)).resume()

async function replay(call: ServerWritableStream<Buffer, Buffer>): Promise<void> {
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
