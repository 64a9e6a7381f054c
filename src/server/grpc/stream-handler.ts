import { type Message, toBinary } from '@bufbuild/protobuf'
import { type handleServerStreamingCall, Metadata } from '@grpc/grpc-js'
import type { Dispatcher } from '../dispatch.ts'
import type { RequestLimits } from '../limits.ts'
import type { Route } from '../routes.ts'
import { whenWritable } from '../when-writable.ts'
import { toGrpcError } from './grpc-error.ts'
import { asBuffer, readCall } from './read-call.ts'

/**
 * The grpc-js handler of one method that answers with a stream; a reader who does not read is not written to.
 */
export function streamHandler(
  route: Route,
  dispatcher: Dispatcher,
  limits: RequestLimits,
): handleServerStreamingCall<Buffer, Buffer> {
  return (call) => {
    const incoming = {
      ...readCall(route, call, limits),
      // Headers go out at once, so that a client knows that it listens before the first message comes.
      begin: () => call.sendMetadata(new Metadata()),
      async write(answer: Message, signal: AbortSignal) {
        if (!call.write(asBuffer(toBinary(route.desc.output, answer)))) await whenWritable(call, signal)
      },
    }
    void dispatcher.stream(route, incoming).then((outcome) => {
      if (outcome.ok) call.end()
      else call.emit('error', toGrpcError(outcome.failure))
    })
  }
}
