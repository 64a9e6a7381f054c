/** gRPC status names that a plugin's failure may carry. */
export type FailureStatus =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
  | 'CANCELLED'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'

export type PluginErrorOptions = {
  /**
   * True when the same call may succeed later without anybody changing anything; it then leaves as
   * UNAVAILABLE.
   */
  readonly retryable?: boolean
  /** Overrides the status that `retryable` implies. */
  readonly status?: FailureStatus
  readonly cause?: unknown
}

/**
 * Throw this from `verify`, `getTasks` or `collect` to fail the call with a code of your own. The caller sees
 * `ERROR_CODE: message`. Values of the secret are blanked out of the message, but better never put them in.
 */
export class PluginError extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly status: FailureStatus

  constructor(code: string, message: string, options: PluginErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.retryable = options.retryable ?? false
    this.status = options.status ?? (this.retryable ? 'UNAVAILABLE' : 'INTERNAL')
  }
}

/** Options or secret do not fit the declared schema; each problem names a path and what must be there. */
export class InvalidInput extends PluginError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('ERROR_INVALID_PARAMETER', problems.join('; '), { status: 'INVALID_ARGUMENT' })
    this.problems = problems
  }
}

/** A plugin was declared wrongly. Thrown by `definePlugin`, before anything runs. */
export class DeclarationError extends Error {
  readonly problems: readonly string[]

  constructor(name: string, problems: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
    super([`plugin '${name}' has ${count} in its declaration:`, ...problems.map((p) => `- ${p}`)].join('\n'))
    this.name = new.target.name
    this.problems = problems
  }
}

/** Errors of Node's network stack that go away by themselves often enough to try again. */
const TRANSIENT = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]

/** Turns anything thrown by a plugin's function into a PluginError. */
export function toPluginError(thrown: unknown): PluginError {
  if (thrown instanceof PluginError) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const retryable = [error, error.cause].some((each) => TRANSIENT.includes(systemCode(each)))
  return new PluginError('ERROR_PLUGIN_FAILED', error.message, { retryable, cause: error })
}

function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
