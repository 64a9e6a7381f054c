import { fromBinary, type Message, toBinary } from '@bufbuild/protobuf'
import type { handleUnaryCall } from '@grpc/grpc-js'
import { GleanerError, toError } from '../../core/errors.ts'
import type { Dispatcher } from '../dispatch.ts'
import { toGrpcStatus } from '../errors.ts'
import type { RequestLimits } from '../limits.ts'
import { MalformedRequest } from '../malformed-request.ts'
import { presenceInMessage } from '../presence.ts'
import type { Route } from '../routes.ts'
import { assertWire } from './assert-wire.ts'

/**
 * The grpc-js handler of one method. Messages arrive and leave as bytes: grpc-js would answer a request that does
 * not parse with INTERNAL and without a reason, so parsing is ours.
 */
export function unaryHandler(
  route: Route,
  dispatcher: Dispatcher,
  limits: RequestLimits,
): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    const clientGone = new AbortController()
    const timeoutMs = remainingMs(call.getDeadline())
    call.on('cancelled', () => clientGone.abort())
    const incoming = {
      transport: 'grpc',
      clientGone: clientGone.signal,
      timeoutMs,
      read() {
        const message = parseMessage(route, call.request, limits)
        return { message, has: presenceInMessage(route.desc.input, message) }
      },
      write: (answer: Message) => asBuffer(toBinary(route.desc.output, answer)),
    } as const
    void dispatcher.dispatch(route, incoming).then((outcome) => {
      if (outcome.ok) callback(null, outcome.value)
      else callback(toGrpcStatus(outcome.failure))
    })
  }
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

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
