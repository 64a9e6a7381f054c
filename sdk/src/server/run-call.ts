import type { JsonObject } from '@bufbuild/protobuf'
import type { handleServerStreamingCall, handleUnaryCall } from '@grpc/grpc-js'
import { toPluginError } from '../errors.ts'
import { createLog } from '../log.ts'
import { type Redact, redactorFor } from '../redact.ts'
import { signalFor, whenAborted } from './call-signal.ts'
import { toStatus } from './to-status.ts'

/** The two fields that requests of the plugin protocol share; either may be missing. */
export type PluginRequest = {
  readonly options?: JsonObject | undefined
  readonly secretData?: JsonObject | undefined
}

/** What a handler works with besides the request. The redactor exists before the input is checked, because a failed check is reported too. */
export type Frame = { readonly signal: AbortSignal; readonly redact: Redact }

/** Wraps a function as a unary handler: signal, answer, and any failure as a status. */
export function runUnary<I extends PluginRequest, O>(
  stopping: AbortSignal,
  run: (request: I, frame: Frame) => Promise<O>,
): handleUnaryCall<I, O> {
  return async (call, callback) => {
    const redact = redactorFor(call.request.secretData)
    const { signal, release } = signalFor(call, stopping)
    try {
      callback(null, await Promise.race([run(call.request, { signal, redact }), whenAborted(signal)]))
    } catch (error) {
      reportFailure(call.getPath(), error, redact)
      callback(toStatus(error, redact))
    } finally {
      release()
    }
  }
}

type StreamCall<I> = Parameters<handleServerStreamingCall<I, Buffer>>[0]

/** The same for a server stream: what was written before a failure is still delivered, then the status follows. */
export function runStream<I extends PluginRequest>(
  stopping: AbortSignal,
  run: (call: StreamCall<I>, frame: Frame) => Promise<void>,
): handleServerStreamingCall<I, Buffer> {
  return async (call) => {
    const redact = redactorFor(call.request.secretData)
    const { signal, release } = signalFor(call, stopping)
    try {
      await run(call, { signal, redact })
      call.end()
    } catch (error) {
      reportFailure(call.getPath(), error, redact)
      call.emit('error', toStatus(error, redact))
    } finally {
      release()
    }
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
