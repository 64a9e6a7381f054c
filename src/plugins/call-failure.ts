import { status } from '@grpc/grpc-js'
import type { ErrorKind } from '../core/errors.ts'
import { PluginError } from './plugin-error.ts'
import { describeEnding, type PluginEnding } from './running-plugin.ts'

/** Longest text of a plugin that is kept in a message. */
const MAX_TEXT = 2_000

type CallFailure = {
  readonly pluginId: string
  readonly during: string
  readonly status: number
  /** What the plugin or the transport said, already free of secrets and control bytes. */
  readonly details: string
  /** How the plugin's process ended, if it did. */
  readonly ending: PluginEnding | undefined
  /** None of a plugin that serves all domains: its log may speak of another one. */
  readonly lastLogLine: string | undefined
}

type Verdict = { readonly kind: ErrorKind; readonly retryable: boolean }

/**
 * What a status of a plugin means here. Refused credentials are the collector's, so they are no
 * `unauthenticated` of our caller.
 */
const VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [status.INVALID_ARGUMENT, { kind: 'invalid', retryable: false }],
  [status.UNAUTHENTICATED, { kind: 'failed_precondition', retryable: false }],
  [status.PERMISSION_DENIED, { kind: 'failed_precondition', retryable: false }],
  [status.FAILED_PRECONDITION, { kind: 'failed_precondition', retryable: false }],
  [status.NOT_FOUND, { kind: 'failed_precondition', retryable: false }],
  [status.UNIMPLEMENTED, { kind: 'unimplemented', retryable: false }],
  [status.DEADLINE_EXCEEDED, { kind: 'deadline', retryable: true }],
  [status.UNAVAILABLE, { kind: 'unavailable', retryable: true }],
  [status.RESOURCE_EXHAUSTED, { kind: 'exhausted', retryable: true }],
  [status.ABORTED, { kind: 'unavailable', retryable: true }],
])

const UNKNOWN: Verdict = { kind: 'internal', retryable: false }

/**
 * Turns a failed call into the error that callers see: a dead process first, then the plugin's own code, then
 * the transport's status.
 */
export function toPluginError(failure: CallFailure): PluginError {
  const { pluginId, during } = failure
  if (failure.ending !== undefined) return diedError(failure, failure.ending)
  const text = failure.details.slice(0, MAX_TEXT)
  const verdict = VERDICTS.get(failure.status) ?? UNKNOWN
  const own = /^(ERROR_[A-Z0-9_]+)(?::\s*([\s\S]*))?$/.exec(text)
  const detail = own === null ? text : (own[2] ?? '')
  const message = detail === '' ? `it failed with status ${nameStatus(failure.status)} and no words` : detail
  return new PluginError({ pluginId, during, ...verdict, code: own?.[1] ?? 'ERROR_PLUGIN', message })
}

function diedError(failure: CallFailure, ending: PluginEnding): PluginError {
  const { pluginId, during, lastLogLine } = failure
  const log = lastLogLine === undefined ? '' : `; the last it logged: ${lastLogLine}`
  const message = `its process ${describeEnding(ending)} while it was in use${log}`
  if (ending.wasStopped) {
    return new PluginError({
      pluginId,
      during,
      kind: 'canceled',
      code: 'ERROR_PLUGIN_CANCELED',
      message,
      retryable: true,
    })
  }
  const code = ending.rssMb === undefined ? 'ERROR_PLUGIN_DIED' : 'ERROR_PLUGIN_MEMORY'
  return new PluginError({ pluginId, during, kind: 'unavailable', code, message, retryable: true })
}

function nameStatus(code: number): string {
  return status[code] ?? String(code)
}
