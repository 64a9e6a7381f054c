import type { MethodDefinition } from '@grpc/grpc-js'

/** Describes a method to grpc-js whose handler reads and writes the bytes of messages itself. */
export function bytesMethod(
  path: string,
  streams: { readonly request?: boolean; readonly response?: boolean } = {},
): MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream: streams.request ?? false,
    responseStream: streams.response ?? false,
    requestDeserialize: asIs,
    requestSerialize: asIs,
    responseDeserialize: asIs,
    responseSerialize: asIs,
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes
}
