import { connect, constants, type IncomingHttpHeaders } from 'node:http2'
import { FRAME_HEAD_BYTES, frameOf } from '../grpc/frame.ts'
import { GRPC_STATUS } from '../grpc/status.ts'

/** A call that failed: the number of its gRPC status, and the plugin's words, `ERROR_CODE: message`. */
export class CallFailure extends Error {
  readonly code: number
  readonly details: string

  constructor(code: number, details: string) {
    super(details)
    this.name = 'CallFailure'
    this.code = code
    this.details = details
  }
}

/** Calls a method of the plugin on a port of this machine, and resolves with why it failed, if it did. */
export function callPlugin(
  port: number,
  path: string,
  request: Uint8Array,
  onMessage: (message: Buffer) => void,
): Promise<CallFailure | undefined> {
  const { promise, resolve } = Promise.withResolvers<CallFailure | undefined>()
  const session = connect(`http://127.0.0.1:${port}`)
  const fail = (reason: string) => resolve(new CallFailure(GRPC_STATUS.UNAVAILABLE, reason))
  session.on('error', (error) => fail(error.message))
  const call = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  let rest: Buffer = Buffer.alloc(0)
  call.on('data', (chunk: Buffer) => {
    rest = cutMessages(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), onMessage)
  })
  call.on('response', (headers, flags) => {
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) resolve(failureOf(headers))
  })
  call.on('trailers', (trailers) => resolve(failureOf(trailers)))
  call.on('error', (error) => fail(error.message))
  call.on('close', () => fail('the call ended without a status'))
  call.end(frameOf(request))
  return promise.finally(() => session.destroy())
}

/** Hands out what is complete; returns the rest. */
function cutMessages(bytes: Buffer, onMessage: (message: Buffer) => void): Buffer {
  let at = 0
  while (bytes.length - at >= FRAME_HEAD_BYTES) {
    const from = at + FRAME_HEAD_BYTES
    const end = from + bytes.readUInt32BE(at + 1)
    if (end > bytes.length) break
    onMessage(bytes.subarray(from, end))
    at = end
  }
  return bytes.subarray(at)
}

function failureOf(headers: IncomingHttpHeaders): CallFailure | undefined {
  const code = Number(headers['grpc-status'] ?? GRPC_STATUS.UNKNOWN)
  if (code === GRPC_STATUS.OK) return undefined
  return new CallFailure(code, decodeURIComponent(String(headers['grpc-message'] ?? '')))
}
