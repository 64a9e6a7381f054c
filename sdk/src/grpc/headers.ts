import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2'
import { type CallStatus, GRPC_STATUS } from './status.ts'

const UNIT_MS = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 } as const

/** The HTTP status that refuses a request which is no gRPC call; undefined when it is one. */
export function refuseRequest(headers: IncomingHttpHeaders): number | undefined {
  if (headers[':method'] !== 'POST') return 405
  return headers['content-type']?.startsWith('application/grpc') ? undefined : 415
}

/** Milliseconds until the caller's deadline: Infinity without one, NaN when it cannot be read. */
export function readTimeoutMs(header: string | readonly string[] | undefined): number {
  if (header === undefined) return Number.POSITIVE_INFINITY
  const [, count, unit] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? []
  return isUnit(unit) ? Number(count) * UNIT_MS[unit] : Number.NaN
}

/** The trailers that tell a status. */
export function toTrailers({ status, details }: CallStatus): OutgoingHttpHeaders {
  const code = { 'grpc-status': String(GRPC_STATUS[status]) }
  return details === '' ? code : { ...code, 'grpc-message': encodeDetails(details) }
}

/** No more is encoded than has to be: there are clients that leave `%3A` and its like as they are. */
function encodeDetails(details: string): string {
  return details.toWellFormed().replace(/[^\x21-\x24\x26-\x7e]+/g, encodeURIComponent)
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_MS {
  return text !== undefined && Object.hasOwn(UNIT_MS, text)
}
