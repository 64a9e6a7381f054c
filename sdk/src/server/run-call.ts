import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js'
import { InvalidInput, toPluginError } from '../errors.ts'
import { createLog } from '../log.ts'
import { type Redact, redactorFor } from '../redact.ts'
import { decodeRequest, type PluginRequest } from '../wire/requests.ts'
import { signalFor, whenAborted } from './call-signal.ts'
import { toStatus } from './to-status.ts'

/** What a handler works with. The redactor exists before the input is checked, because a failed check is reported too. */
export type Frame = { readonly request: PluginRequest; readonly signal: AbortSignal; readonly redact: Redact }

type FieldNames = Parameters<typeof decodeRequest>[0]
type StreamCall = ServerWritableStream<Buffer, Buffer>

/** Wraps a function as a unary handler: request, signal, answer, and any failure as a status. */
export function runUnary(
  fields: FieldNames,
  stopping: AbortSignal,
  run: (frame: Frame) => Promise<Buffer>,
): handleUnaryCall<Buffer, Buffer> {
  return async (call, callback) => {
    const { signal, release } = signalFor(call, stopping)
    let redact: Redact = (text) => text
    try {
      const request = readRequest(fields, call.request)
      redact = redactorFor(request.secretData)
      callback(null, await Promise.race([run({ request, signal, redact }), whenAborted(signal)]))
    } catch (error) {
      reportFailure(call.getPath(), error, redact)
      callback(toStatus(error, redact))
    } finally {
      release()
    }
  }
}

/** The same for a server stream: what was written before a failure is still delivered, then the status follows. */
export function runStream(
  fields: FieldNames,
  stopping: AbortSignal,
  run: (frame: Frame, call: StreamCall) => Promise<void>,
): handleServerStreamingCall<Buffer, Buffer> {
  return async (call) => {
    const { signal, release } = signalFor(call, stopping)
    let redact: Redact = (text) => text
    try {
      const request = readRequest(fields, call.request)
      redact = redactorFor(request.secretData)
      await run({ request, signal, redact }, call)
      call.end()
    } catch (error) {
      reportFailure(call.getPath(), error, redact)
      call.emit('error', toStatus(error, redact))
    } finally {
      release()
    }
  }
}

function readRequest(fields: FieldNames, bytes: Uint8Array): PluginRequest {
  try {
    return decodeRequest(fields, bytes)
  } catch (error) {
    throw new InvalidInput([`the request is no valid message: ${toPluginError(error).message}`])
  }
}

/** The stack of an unexpected error goes to the log only; the caller gets its message. */
function reportFailure(method: string, thrown: unknown, redact: Redact): void {
  const error = toPluginError(thrown)
  const log = createLog({ redact, base: { method, code: error.code } })
  if (error.status === 'CANCELLED') log.info('call canceled')
  else if (error.cause) log.error('call failed', { error: error.cause })
  else log.warn('call failed', { reason: error.message })
}
