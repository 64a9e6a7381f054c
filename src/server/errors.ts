import { status } from '@grpc/grpc-js'
import { type ErrorKind, GleanerError } from '../core/errors.ts'

/**
 * What each kind of error is on the wire. The pairs follow the public API; `exhausted` alone differs: 429
 * instead of its 500, because waiting is what helps.
 */
export const STATUS_OF_KIND = {
  invalid: { grpc: status.INVALID_ARGUMENT, http: 400 },
  not_found: { grpc: status.NOT_FOUND, http: 404 },
  already_exists: { grpc: status.ALREADY_EXISTS, http: 409 },
  failed_precondition: { grpc: status.FAILED_PRECONDITION, http: 400 },
  conflict: { grpc: status.ABORTED, http: 409 },
  unauthenticated: { grpc: status.UNAUTHENTICATED, http: 401 },
  forbidden: { grpc: status.PERMISSION_DENIED, http: 403 },
  exhausted: { grpc: status.RESOURCE_EXHAUSTED, http: 429 },
  canceled: { grpc: status.CANCELLED, http: 499 },
  deadline: { grpc: status.DEADLINE_EXCEEDED, http: 504 },
  unimplemented: { grpc: status.UNIMPLEMENTED, http: 501 },
  unavailable: { grpc: status.UNAVAILABLE, http: 503 },
  internal: { grpc: status.INTERNAL, http: 500 },
} as const satisfies Record<ErrorKind, { readonly grpc: status; readonly http: number }>

/** An error as the caller sees it: nothing in it that the caller may not know. */
export type Failure = {
  readonly kind: ErrorKind
  readonly code: string
  readonly message: string
  /** When to come back, milliseconds from now; absent where nobody can say. */
  readonly retryAfterMs?: number
}

/**
 * Longest message that leaves. gRPC carries it percent-encoded in a header, and old clients stop reading
 * headers at 8 KiB; 2,000 characters of plain text stay well below.
 */
const MAX_MESSAGE_CHARACTERS = 2_000

/**
 * What the caller is told about anything thrown. Errors of ours speak for themselves; everything else (SQL, a
 * library, a bug) is only named by the request id under which the log holds it whole.
 */
export function toFailure(thrown: unknown, requestId: string): Failure {
  if (thrown instanceof GleanerError) {
    const { kind, code, message, retryAfterMs } = thrown
    const failure = { kind, code, message: fitForWire(message) }
    return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs }
  }
  return {
    kind: 'internal',
    code: 'ERROR_UNKNOWN',
    message: `the server failed in a way it did not expect; the cause is in its log under request id ${requestId}`,
  }
}

/** gRPC status details, `ERROR_CODE: message`, as the public API's clients read them. */
export function toGrpcStatus(failure: Failure): { code: status; details: string } {
  return { code: STATUS_OF_KIND[failure.kind].grpc, details: `${failure.code}: ${failure.message}` }
}

export type ErrorBody = { readonly detail: { readonly code: string; readonly message: string } }

/** REST status and body, `{"detail":{"code","message"}}`. */
export function toHttpError(failure: Failure): { status: number; body: ErrorBody } {
  return { status: STATUS_OF_KIND[failure.kind].http, body: errorBody(failure.code, failure.message) }
}

/** The one shape in which REST tells errors, also those that have no kind, such as an unknown path. */
export function errorBody(code: string, message: string): ErrorBody {
  return { detail: { code, message } }
}

/** Half a surrogate pair cannot be percent-encoded, and would throw where nobody catches it. */
function fitForWire(message: string): string {
  const text =
    message.length > MAX_MESSAGE_CHARACTERS ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…` : message
  return text.toWellFormed()
}
