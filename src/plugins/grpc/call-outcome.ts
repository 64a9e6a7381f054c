import { constants, type IncomingHttpHeaders } from 'node:http2'
import { CallError } from './call-error.ts'
import { status } from './status.ts'

/** How a call ended, read from a header block that says so. Undefined means status OK. */
export type CallOutcome = CallError | undefined

const HTTP_STATUSES: ReadonlyMap<number, number> = new Map([
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.UNIMPLEMENTED],
  [429, status.UNAVAILABLE],
  [502, status.UNAVAILABLE],
  [503, status.UNAVAILABLE],
  [504, status.UNAVAILABLE],
])

/** Why response headers are not those of a gRPC answer; undefined when they are. */
export function refuseHeaders(headers: IncomingHttpHeaders): CallError | undefined {
  const httpStatus = Number(headers[':status'])
  if (httpStatus !== 200) {
    const code = HTTP_STATUSES.get(httpStatus) ?? status.UNKNOWN
    return new CallError(code, `it answered HTTP status ${httpStatus} instead of gRPC`)
  }
  const type = headers['content-type'] ?? 'nothing'
  if (type.startsWith('application/grpc')) return undefined
  return new CallError(status.UNKNOWN, `it answered content of type ${type} instead of gRPC`)
}

/** Reads the status from trailers, or from headers that end the stream. */
export function readOutcome(trailers: IncomingHttpHeaders): CallOutcome {
  const text = trailers['grpc-status']
  if (typeof text !== 'string' || !/^\d+$/.test(text)) {
    return new CallError(status.UNKNOWN, 'it ended the call without a gRPC status')
  }
  const code = Number(text)
  if (code === status.OK) return undefined
  const message = trailers['grpc-message']
  return new CallError(code, typeof message === 'string' ? decodePercent(message) : '')
}

/** What a stream that was reset, or cut with its connection, means when no status came. */
export function outcomeOfReset(rstCode: number, isConnected: boolean): CallError {
  if (!isConnected) return new CallError(status.UNAVAILABLE, 'the connection to it broke')
  if (rstCode === constants.NGHTTP2_REFUSED_STREAM)
    return new CallError(status.UNAVAILABLE, 'it refused the call')
  if (rstCode === constants.NGHTTP2_CANCEL) return new CallError(status.CANCELLED, 'it canceled the call')
  if (rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM) {
    return new CallError(status.RESOURCE_EXHAUSTED, 'it asked for calm')
  }
  return new CallError(status.INTERNAL, `it reset the call (HTTP/2 code ${rstCode}) without a gRPC status`)
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
