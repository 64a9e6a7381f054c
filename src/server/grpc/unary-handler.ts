import { type Message, toBinary } from '@bufbuild/protobuf'
import { type handleUnaryCall, Metadata } from '@grpc/grpc-js'
import { COVERAGE_HEADER } from '../coverage-header.ts'
import type { Dispatcher } from '../dispatch.ts'
import type { RequestLimits } from '../limits.ts'
import type { Route } from '../routes.ts'
import { toGrpcError } from './grpc-error.ts'
import { asBuffer, readCall } from './read-call.ts'

/**
 * The grpc-js handler of one method. Messages arrive and leave as bytes: grpc-js would answer a request that
 * does not parse with INTERNAL and without a reason, so parsing is ours.
 */
export function unaryHandler(
  route: Route,
  dispatcher: Dispatcher,
  limits: RequestLimits,
): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    const asksForCoverage = call.metadata.get(COVERAGE_HEADER).some((value) => value !== '')
    const incoming = {
      ...readCall(route, call, limits),
      tellCoverage: asksForCoverage ? (text: string) => call.sendMetadata(coverageOf(text)) : undefined,
      write: (answer: Message) => asBuffer(toBinary(route.desc.output, answer)),
    }
    void dispatcher.dispatch(route, incoming).then((outcome) => {
      if (outcome.ok) callback(null, outcome.value)
      else callback(toGrpcError(outcome.failure))
    })
  }
}

function coverageOf(text: string): Metadata {
  const metadata = new Metadata()
  metadata.set(COVERAGE_HEADER, text)
  return metadata
}
