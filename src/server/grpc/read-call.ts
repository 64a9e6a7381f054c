import { fromBinary, type Message } from '@bufbuild/protobuf'
import type { Metadata } from '@grpc/grpc-js'
import { GleanerError, toError } from '../../core/errors.ts'
import type { TraceHeaders } from '../../core/trace.ts'
import { bearerKey } from '../bearer-key.ts'
import type { RequestLimits } from '../limits.ts'
import { MalformedRequest } from '../malformed-request.ts'
import type { ParsedRequest } from '../open-call.ts'
import { presenceInMessage } from '../presence.ts'
import type { Route } from '../routes.ts'
import { assertWire } from './assert-wire.ts'

/** What every handler needs of a grpc-js call. */
type ServerCall = {
  readonly request: Buffer
  readonly metadata: Metadata
  getDeadline(): Date | number
  on(event: 'cancelled', listener: () => void): unknown
}

/** A call as the dispatcher takes it: how long it may take, when its client has left, and its message. */
export function readCall(route: Route, call: ServerCall, limits: RequestLimits) {
  const clientGone = new AbortController()
  call.on('cancelled', () => clientGone.abort())
  return {
    transport: 'grpc',
    clientGone: clientGone.signal,
    timeoutMs: remainingMs(call.getDeadline()),
    key: keyOf(call.metadata),
    trace: traceOf(call.metadata),
    read(): ParsedRequest {
      const message = parseMessage(route, call.request, limits)
      return { message, has: presenceInMessage(route.desc.input, message) }
    },
  } as const
}

/** The contract's clients send the key as it is in `token`; others as they would over HTTP. */
function keyOf(metadata: Metadata): string {
  const [token] = metadata.get('token')
  if (token !== undefined && token !== '') return String(token)
  return bearerKey(metadata.get('authorization').map(String)[0])
}

function traceOf(metadata: Metadata): TraceHeaders {
  const [traceparent] = metadata.get('traceparent').map(String)
  const [tracestate] = metadata.get('tracestate').map(String)
  if (traceparent === undefined) return {}
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}

/** A message as grpc-js sends it. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function parseMessage({ desc, name }: Route, bytes: Buffer, limits: RequestLimits): Message {
  try {
    assertWire(desc.input, bytes)
    // A level of Struct costs two levels of messages: the Value and what it holds.
    return fromBinary(desc.input, bytes, {
      readUnknownFields: false,
      recursionLimit: 2 * limits.maxDepth + 2,
    })
  } catch (cause) {
    if (cause instanceof GleanerError) throw cause
    throw new MalformedRequest(`the request of '${name}' ${reasonOf(toError(cause), limits)}`, { cause })
  }
}

/** The decoder has no error classes; too deep is the one case that is not just broken bytes. */
function reasonOf({ message }: Error, limits: RequestLimits): string {
  return message.includes('maximum recursion depth')
    ? `is nested deeper than ${limits.maxDepth} levels`
    : 'is not a valid message of its type: its bytes are cut short or damaged'
}

/** undefined when the client set no deadline; the sentinel of grpc-js for that is Infinity. */
function remainingMs(deadline: Date | number): number | undefined {
  const at = deadline instanceof Date ? deadline.getTime() : deadline
  return Number.isFinite(at) ? Math.max(0, at - Date.now()) : undefined
}
