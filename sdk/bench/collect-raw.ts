import { once } from 'node:events'
import http2 from 'node:http2'
import { COLLECTOR_SERVICE } from '../src/server/plugin-services.ts'

export type RawStream = { readonly bytes: Buffer; readonly length: number; readonly messages: number }

/**
 * Calls `collect` over bare HTTP/2 and reads what comes without looking at it. Counts messages by their
 * prefixes; keeps the bytes, prefixes included, only when asked.
 */
export async function collectRaw(
  port: number,
  request: Buffer,
  { keep = false, service = COLLECTOR_SERVICE } = {},
): Promise<RawStream> {
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 1 << 20 } })
  session.on('connect', () => session.setLocalWindowSize(1 << 20))
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${service}/collect`,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(request.length, 1)
  stream.end(Buffer.concat([prefix, request]))
  const chunks: Buffer[] = []
  const counter = new MessageCounter()
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    counter.add(chunk)
    if (keep) chunks.push(chunk)
  })
  await once(stream, 'end')
  session.close()
  return { bytes: Buffer.concat(chunks), length, messages: counter.count }
}

/** Counts length-prefixed messages in chunks that are cut anywhere. */
class MessageCounter {
  count = 0
  #skip = 0
  #prefix: number[] = []

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const step = Math.min(this.#skip, chunk.length - at)
      this.#skip -= step
      at += step
      while (this.#skip === 0 && at < chunk.length && this.#prefix.length < 5)
        this.#prefix.push(chunk[at++] ?? 0)
      if (this.#prefix.length < 5) continue
      this.#skip = Buffer.from(this.#prefix).readUInt32BE(1)
      this.#prefix = []
      this.count++
    }
  }
}
