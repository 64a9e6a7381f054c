import { type ErrorKind, GleanerError, toError } from '../core/errors.ts'

const PASSING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['unavailable', 'deadline', 'exhausted'])

/** The plugin of a collector could not be started, or refused to describe itself; its own words are the reason. */
export class VerifyPluginFailure extends GleanerError {
  constructor(collectorName: string, thrown: unknown) {
    const cause = toError(thrown)
    const isPassing = cause instanceof GleanerError && (cause.retryable || PASSING.has(cause.kind))
    const advice = isPassing ? 'Try again later' : 'Correct the options or the plugin, then create it again'
    super(
      isPassing ? 'unavailable' : 'failed_precondition',
      'ERROR_VERIFY_PLUGIN_FAILURE',
      `collector '${collectorName}' was not created: ${reasonOf(cause)}. Nothing was stored. ${advice}`,
      { cause, retryable: isPassing },
    )
  }
}

// Errors that are not ours may carry anything; the log has them whole.
function reasonOf(cause: Error): string {
  return cause instanceof GleanerError ? cause.message : 'its plugin failed in an unexpected way'
}
