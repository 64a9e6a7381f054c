import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'

export type Service = {
  readonly definition: ServiceDefinition
  readonly handlers: UntypedServiceImplementation
}

/** Describes a method to grpc-js. Handlers read and write message bytes themselves, so nothing is converted here. */
export function rawMethod(
  service: string,
  name: string,
  { responseStream = false } = {},
): MethodDefinition<Buffer, Buffer> {
  const asItIs = (bytes: Buffer) => bytes
  return {
    path: `/${service}/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  }
}
