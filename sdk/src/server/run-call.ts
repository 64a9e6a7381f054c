import { InvalidInput, toPluginError } from '../errors.ts'
import { frameOf } from '../grpc/frame.ts'
import type { Handler } from '../grpc/grpc-server.ts'
import type { ServerCall } from '../grpc/server-call.ts'
import { OK } from '../grpc/status.ts'
import { createLog } from '../log.ts'
import { type Redact, redactorFor } from '../redact.ts'
import { decodeRequest, type PluginRequest } from '../wire/requests.ts'
import { signalFor, whenAborted } from './call-signal.ts'
import { toStatus } from './to-status.ts'

/**
 * What a handler works with. The redactor exists before the input is checked, because a failed check is
 * reported too.
 */
export type Frame = { readonly request: PluginRequest; readonly signal: AbortSignal; readonly redact: Redact }

type FieldNames = Parameters<typeof decodeRequest>[0]

/**
 * Wraps a function as a handler of a method with one answer: request, signal, answer, and any failure as a
 * status.
 */
export function runUnary(
  fields: FieldNames,
  stopping: AbortSignal,
  run: (frame: Frame) => Promise<Uint8Array>,
): Handler {
  return runStream(fields, stopping, async (frame, call) => {
    call.write(frameOf(await Promise.race([run(frame), whenAborted(frame.signal)])))
  })
}

/**
 * The same for a server stream: what was written before a failure is still delivered, then the status
 * follows.
 */
export function runStream(
  fields: FieldNames,
  stopping: AbortSignal,
  run: (frame: Frame, call: ServerCall) => Promise<void>,
): Handler {
  return async (call) => {
    const { signal, release } = signalFor(call, stopping)
    let redact: Redact = (text) => text
    try {
      const bytes = await Promise.race([call.readRequest(), whenAborted(signal)])
      const request = readRequest(fields, bytes)
      redact = redactorFor(request.secretData)
      await run({ request, signal, redact }, call)
      call.finish(OK)
    } catch (error) {
      reportFailure(call.path, error, redact)
      call.finish(toStatus(error, redact))
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
