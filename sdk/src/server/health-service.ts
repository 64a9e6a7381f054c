import { frameOf } from '../grpc/frame.ts'
import type { Handlers } from '../grpc/grpc-server.ts'
import type { ServerCall } from '../grpc/server-call.ts'
import { OK } from '../grpc/status.ts'
import { ProtoReader } from '../wire/proto-reader.ts'
import { eachField } from '../wire/read-struct.ts'
import { toStatus } from './to-status.ts'

// HealthCheckRequest: service = 1. HealthCheckResponse: status = 1, where SERVING is 1 and SERVICE_UNKNOWN 3.
const SERVING = frameOf(Buffer.from([0x08, 1]))
const SERVICE_UNKNOWN = frameOf(Buffer.from([0x08, 3]))

/**
 * `grpc.health.v1` of a process that serves from its first moment to its last, so the answer never changes.
 */
export function healthService(serviceNames: readonly string[], stopping: AbortSignal): Handlers {
  const isKnown = (name: string) => name === '' || serviceNames.includes(name)
  const check = async (call: ServerCall) => {
    const name = readServiceName(await call.readRequest())
    if (isKnown(name)) {
      call.write(SERVING)
      call.finish(OK)
    } else call.finish({ status: 'NOT_FOUND', details: `service '${name}' is not served here` })
  }
  const watch = async (call: ServerCall) => {
    call.write(isKnown(readServiceName(await call.readRequest())) ? SERVING : SERVICE_UNKNOWN)
    const stop = () => call.finish({ status: 'UNAVAILABLE', details: 'the plugin process is stopping' })
    if (stopping.aborted) stop()
    stopping.addEventListener('abort', stop)
    call.onGone(() => stopping.removeEventListener('abort', stop))
  }
  return {
    '/grpc.health.v1.Health/Check': orFailure(check),
    '/grpc.health.v1.Health/Watch': orFailure(watch),
  }
}

function orFailure(handle: (call: ServerCall) => Promise<void>): (call: ServerCall) => Promise<void> {
  return (call) => handle(call).catch((error) => call.finish(toStatus(error, (text) => text)))
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
