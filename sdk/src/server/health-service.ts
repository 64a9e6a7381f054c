import { type handleServerStreamingCall, type handleUnaryCall, status } from '@grpc/grpc-js'
import { ProtoReader } from '../wire/proto-reader.ts'
import { eachField } from '../wire/read-struct.ts'
import { rawMethod, type Service } from './service.ts'

// HealthCheckRequest: service = 1. HealthCheckResponse: status = 1, where SERVING is 1 and SERVICE_UNKNOWN 3.
const SERVING = Buffer.from([0x08, 1])
const SERVICE_UNKNOWN = Buffer.from([0x08, 3])

/**
 * `grpc.health.v1` of a process that serves from its first moment to its last, so the answer never changes.
 * The usual package reads its contract from a file with a parser that doubles the time a plugin takes to load.
 */
export function healthService(serviceNames: readonly string[]): Service {
  const isKnown = (name: string) => name === '' || serviceNames.includes(name)
  const check: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    const name = readServiceName(call.request)
    if (isKnown(name)) callback(null, SERVING)
    else callback({ code: status.NOT_FOUND, details: `service '${name}' is not served here` })
  }
  const watch: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    call.write(isKnown(readServiceName(call.request)) ? SERVING : SERVICE_UNKNOWN)
  }
  return {
    definition: {
      check: rawMethod('grpc.health.v1.Health', 'Check'),
      watch: rawMethod('grpc.health.v1.Health', 'Watch', { responseStream: true }),
    },
    handlers: { check, watch },
  }
}

function readServiceName(request: Uint8Array): string {
  const reader = new ProtoReader(request)
  let name = ''
  eachField(reader, (field, wireType) => {
    if (field === 1 && wireType === 2) name = reader.text()
    else reader.skip(wireType)
  })
  return name
}
