import type { handleServerStreamingCall, handleUnaryCall, Server } from '@grpc/grpc-js'
import type { HealthSource } from '../health.ts'
import { bytesMethod } from './bytes-method.ts'
import {
  readHealthRequest,
  SERVING_STATUS,
  type ServingStatus,
  writeHealthList,
  writeHealthResponse,
} from './health-messages.ts'

const INVALID_ARGUMENT = 3
const NOT_FOUND = 5

/**
 * Serves grpc.health.v1 for the whole server (the empty name) and each service, all with the same status.
 * Returns the function that ends it. Three messages by hand: `grpc-health-check` brings a second
 * implementation of protobuf, which every server would hold in memory for them.
 */
export function addHealthService(
  server: Server,
  health: HealthSource,
  serviceNames: readonly string[],
): () => void {
  const known = new Set(['', ...serviceNames])
  const watchers = new Set<() => void>()
  const current = () => (health.current().serving ? SERVING_STATUS.SERVING : SERVING_STATUS.NOT_SERVING)

  const check: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    const service = readService(call.request)
    if (service === undefined) callback(MALFORMED)
    else if (known.has(service)) callback(null, writeHealthResponse(current()))
    else callback({ code: NOT_FOUND, details: `there is no service '${service}'` })
  }
  const list: handleUnaryCall<Buffer, Buffer> = (_, callback) => {
    const status = current()
    callback(null, writeHealthList(new Map([...known].map((name) => [name, status]))))
  }
  const watch: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    const service = readService(call.request)
    if (service === undefined) {
      call.destroy(Object.assign(new Error(MALFORMED.details), MALFORMED))
      return
    }
    // A service that is not there may come with another server at the same address: the stream stays open for
    // it.
    let sent: ServingStatus | undefined
    const send = () => {
      const status = known.has(service) ? current() : SERVING_STATUS.SERVICE_UNKNOWN
      if (status !== sent) call.write(writeHealthResponse(status))
      sent = status
    }
    watchers.add(send)
    call.on('cancelled', () => watchers.delete(send))
    send()
  }

  server.addService(
    {
      check: bytesMethod(`${HEALTH}/Check`),
      list: bytesMethod(`${HEALTH}/List`),
      watch: bytesMethod(`${HEALTH}/Watch`, { response: true }),
    },
    { check, list, watch },
  )
  return health.subscribe(() => {
    for (const send of watchers) send()
  })
}

const HEALTH = '/grpc.health.v1.Health'
const MALFORMED = { code: INVALID_ARGUMENT, details: 'the request is not valid protobuf' }

function readService(bytes: Uint8Array): string | undefined {
  try {
    return readHealthRequest(bytes)
  } catch {
    return undefined
  }
}
