import { connect, constants } from 'node:http2'

export type Http2Answer = {
  readonly grpcStatus: string | undefined
  readonly grpcMessage: string
  readonly closedWith: number
}

/** A gRPC call with a body of our own making: for frames that no client library would send. */
export async function http2Call(
  port: number,
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Http2Answer> {
  const session = connect(`http://127.0.0.1:${port}`)
  const { promise, resolve } = Promise.withResolvers<Http2Answer>()
  const answer = { grpcStatus: undefined as string | undefined, grpcMessage: '', closedWith: 0 }
  session.on('error', () => resolve({ ...answer, closedWith: constants.NGHTTP2_INTERNAL_ERROR }))
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  const keep = (received: Record<string, unknown>) => {
    if (received['grpc-status'] !== undefined) answer.grpcStatus = String(received['grpc-status'])
    if (received['grpc-message'] !== undefined)
      answer.grpcMessage = decodeURI(String(received['grpc-message']))
  }
  stream.on('response', keep)
  stream.on('trailers', keep)
  stream.on('data', () => {})
  stream.on('error', () => {})
  stream.on('close', () => resolve({ ...answer, closedWith: stream.rstCode ?? 0 }))
  stream.setTimeout(30_000, () => stream.close(constants.NGHTTP2_CANCEL))
  stream.end(body)
  const result = await promise
  session.destroy()
  return result
}

/** A gRPC message with its five bytes in front. */
export function grpcFrame(message: Uint8Array, { compressed = 0, length = message.length } = {}): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt8(compressed)
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, message])
}
