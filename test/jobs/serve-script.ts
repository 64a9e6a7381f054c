import { EventEmitter, once } from 'node:events'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { DEFAULT_PLUGIN_SETTINGS } from '../../src/plugins/index.ts'
import type { HandedCall } from '../../src/plugins/stream/index.ts'

type Open = (signal: AbortSignal) => AsyncIterable<readonly Uint8Array[]>

/** Serves what a script sends over gRPC, as a plugin does, for a reader in another thread. */
export async function serveScript(open: Open, signal: AbortSignal): Promise<HandedCall> {
  let failure: unknown
  const server = createServer()
  server.on('stream', (stream) => {
    answer(stream, open).catch((thrown: unknown) => {
      failure = thrown
      if (!stream.destroyed) stream.end()
    })
    stream.on('wantTrailers', () =>
      stream.sendTrailers({ 'grpc-status': failure === undefined ? '0' : '13' }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { connectTimeoutMs, windowBytes, keepaliveMs, caFile, certFile, keyFile } = DEFAULT_PLUGIN_SETTINGS
  const { maxBufferedBytes, maxMessageBytes, silenceTimeoutMs } = DEFAULT_PLUGIN_SETTINGS
  return {
    order: {
      target: { address: `127.0.0.1:${port}` },
      settings: {
        connectTimeoutMs,
        windowBytes,
        keepaliveMs,
        caFile,
        certFile,
        keyFile,
        maxBufferedBytes,
        maxMessageBytes,
        silenceTimeoutMs,
      },
      path: '/script/collect',
      request: new Uint8Array(),
      isBatched: false,
      trace: {},
    },
    signal,
    explain: async (thrown) => failure ?? thrown,
    end: () => void server.close(),
  }
}

async function answer(stream: ServerHttp2Stream, open: Open): Promise<void> {
  const gone = new AbortController()
  const room = new EventEmitter()
  stream.on('error', () => {})
  stream.on('drain', () => room.emit('room'))
  stream.on('close', () => {
    gone.abort()
    room.emit('room')
  })
  stream.resume()
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  for await (const messages of open(gone.signal)) {
    for (const message of messages) {
      const head = Buffer.alloc(5)
      head.writeUInt32BE(message.length, 1)
      stream.write(head)
      if (!stream.write(message) && !stream.destroyed) await once(room, 'room')
    }
  }
  stream.end()
}
