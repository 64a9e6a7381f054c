import { shown } from './shown.ts'

/**
 * What went wrong, as far as a caller needs to tell cases apart. Each kind maps to one gRPC and one HTTP
 * status in `server/errors.ts`; features never name a status.
 */
export const ERROR_KINDS = [
  'invalid',
  'not_found',
  'already_exists',
  'failed_precondition',
  'conflict',
  'unauthenticated',
  'forbidden',
  'exhausted',
  'canceled',
  'deadline',
  'unimplemented',
  'unavailable',
  'internal',
] as const

export type ErrorKind = (typeof ERROR_KINDS)[number]

type ErrorOptions = {
  readonly cause?: unknown
  readonly retryable?: boolean
  /** When it is worth trying again, in milliseconds from now; only of what is retryable. */
  readonly retryAfterMs?: number
}

/** A failure with a kind for the transport and a code of the contract (`ERROR_…`) for the caller. */
export class GleanerError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  /** True when the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean
  /** When to try again, milliseconds from now; undefined where nobody can say. */
  readonly retryAfterMs: number | undefined

  constructor(kind: ErrorKind, code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.kind = kind
    this.code = code
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}

/** A value the caller sent cannot be used; `key` is its path in the request. */
export class InvalidParameter extends GleanerError {
  readonly key: string
  readonly reason: string
  constructor(key: string, reason: string, code = 'ERROR_INVALID_PARAMETER') {
    super('invalid', code, `parameter '${key}' is invalid: ${reason}`)
    this.key = key
    this.reason = reason
  }
}

/** A field the method needs was not sent, or was sent empty. */
export class RequiredParameter extends GleanerError {
  constructor(key: string) {
    super('invalid', 'ERROR_REQUIRED_PARAMETER', `parameter '${key}' is required, and was missing or empty`)
  }
}

/** Nothing of this noun has this id in this domain. */
export class NotFound extends GleanerError {
  constructor(noun: string, id: string) {
    super('not_found', 'ERROR_NOT_FOUND', `${noun} '${shown(id)}' not found`)
  }
}

/** There is one already that must be the only one; the message names it. */
export class AlreadyExists extends GleanerError {
  constructor(message: string) {
    super('already_exists', 'ERROR_NOT_UNIQUE', message)
  }
}

/** The thing exists but is in a state that forbids the request. */
export class FailedPrecondition extends GleanerError {
  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super('failed_precondition', code, message, options)
  }
}

/** Something this server depends on (database, plugin) does not answer now. */
export class Unavailable extends GleanerError {
  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super('unavailable', code, message, { retryable: true, ...options })
  }
}

/** Turns anything thrown into an Error, for `cause` and for logs. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
