import { PluginError } from '../errors.ts'
import type { ServerCall } from '../grpc/server-call.ts'

/** Longer timers fire at once in Node; such a deadline is as good as none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export type CallSignal = { readonly signal: AbortSignal; readonly release: () => void }

/**
 * The signal of one call: it aborts when the caller goes away, the deadline passes or the process stops. The
 * deadline is watched here too, since a caller that reads no more, and says so to nobody, would keep the
 * plugin working.
 */
export function signalFor(call: ServerCall, stopping: AbortSignal): CallSignal {
  const controller = new AbortController()
  const onGone = () => controller.abort(canceled())
  const onStop = () => controller.abort(stopped())
  call.onGone(onGone)
  stopping.addEventListener('abort', onStop)
  if (stopping.aborted) onStop()
  const remainingMs = call.deadlineMs - Date.now()
  const timer =
    remainingMs < LONGEST_TIMER_MS
      ? setTimeout(() => controller.abort(deadlinePassed()), Math.max(0, remainingMs))
      : undefined
  const release = () => {
    clearTimeout(timer)
    stopping.removeEventListener('abort', onStop)
  }
  return { signal: controller.signal, release }
}

/** Rejects with the signal's reason as soon as it aborts. Await it once per call, never once per message. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}

function canceled(): PluginError {
  return new PluginError('ERROR_CANCELED', 'the caller canceled the call', { status: 'CANCELLED' })
}

function deadlinePassed(): PluginError {
  return new PluginError('ERROR_DEADLINE', 'the call was not done when its deadline passed', {
    status: 'DEADLINE_EXCEEDED',
  })
}

function stopped(): PluginError {
  return new PluginError('ERROR_PLUGIN_STOPPED', 'the plugin process is stopping', { retryable: true })
}
