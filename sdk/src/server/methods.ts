import {
  type DescMessage,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'

type Unary<I, O> = MethodDefinition<I, O>

/** How grpc-js calls a method whose request and response are generated messages. */
export function unaryMethod<I extends DescMessage, O extends DescMessage>(
  service: DescService,
  name: string,
  input: I,
  output: O,
): Unary<MessageShape<I>, MessageShape<O>> {
  return {
    path: `/${service.typeName}/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => Buffer.from(toBinary(input, message)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(output, message)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  }
}

/** A server stream whose responses the handler has encoded itself. */
export function rawStreamMethod<I extends DescMessage>(
  service: DescService,
  name: string,
  input: I,
): MethodDefinition<MessageShape<I>, Buffer> {
  return {
    path: `/${service.typeName}/${name}`,
    requestStream: false,
    responseStream: true,
    requestSerialize: (message) => Buffer.from(toBinary(input, message)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (bytes) => bytes,
    responseDeserialize: (bytes) => bytes,
  }
}

export type Service = {
  readonly definition: ServiceDefinition
  readonly handlers: UntypedServiceImplementation
}
