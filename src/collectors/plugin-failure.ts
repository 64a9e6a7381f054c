import { type ErrorKind, GleanerError, toError } from '../core/errors.ts'

const PASSING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['unavailable', 'deadline', 'exhausted'])

/**
 * The plugin of a new collector could not be started, or refused to describe itself; its own words are the
 * reason.
 */
export class VerifyPluginFailure extends GleanerError {
  constructor(collectorName: string, thrown: unknown) {
    const { kind, reason, advice, options } = explain(thrown, 'create it again')
    const message = `collector '${collectorName}' was not created: ${reason}. Nothing was stored. ${advice}`
    super(kind, 'ERROR_VERIFY_PLUGIN_FAILURE', message, options)
  }
}

/** The plugin of a collector that is to be changed could not be started, or refused to describe itself. */
export class InitPluginFailure extends GleanerError {
  constructor(collectorId: string, thrown: unknown) {
    const { kind, reason, advice, options } = explain(thrown, 'change it again')
    const message = `collector '${collectorId}' was not changed: ${reason}. It goes on as it was. ${advice}`
    super(kind, 'ERROR_INIT_PLUGIN_FAILURE', message, options)
  }
}

function explain(thrown: unknown, repeat: string) {
  const cause = toError(thrown)
  const isPassing = cause instanceof GleanerError && (cause.retryable || PASSING.has(cause.kind))
  const kind: ErrorKind = isPassing ? 'unavailable' : 'failed_precondition'
  return {
    kind,
    reason: reasonOf(cause),
    advice: isPassing ? 'Try again later' : `Correct the options or the plugin, then ${repeat}`,
    options: { cause, retryable: isPassing },
  }
}

// Errors that are not ours may carry anything; the log has them whole.
function reasonOf(cause: Error): string {
  return cause instanceof GleanerError ? cause.message : 'its plugin failed in an unexpected way'
}
