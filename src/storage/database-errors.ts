import { GleanerError, toError, Unavailable } from '../core/errors.ts'

/** The SQLSTATE of the database error in this error or its causes; undefined when it did not come from the database. */
export function sqlState(error: unknown): string | undefined {
  return textField(error, 'code', (code) => /^[0-9A-Z]{5}$/.test(code))
}

/** The constraint that a database error names (unique, foreign key, check), if it names one. */
export function violatedConstraint(error: unknown): string | undefined {
  return textField(error, 'constraint', (name) => name !== '')
}

/**
 * Gives the failures that no statement is to blame for a kind a transport can report: database away, disk
 * full, time limit, deadlock. Everything else stays the driver's error, with its SQLSTATE.
 */
export function toDatabaseError(thrown: unknown, where: string): Error {
  const error = toError(thrown)
  if (error instanceof GleanerError) return error
  const state = sqlState(error)
  if (state === '57014') {
    return new GleanerError(
      'deadline',
      'ERROR_STATEMENT_TIMEOUT',
      'a database statement was stopped by its time limit; nothing of its transaction was written. Narrow the request, or repeat it when the database is less busy',
      { cause: error, retryable: true },
    )
  }
  if (state === '40P01' || state === '40001') {
    return new GleanerError(
      'conflict',
      'ERROR_DATABASE_CONFLICT',
      'the transaction collided with another one and was rolled back; nothing of it was written. Repeat it',
      { cause: error, retryable: true },
    )
  }
  if (state === '53100' || state === '53200') {
    const lacks = state === '53100' ? 'disk space' : 'memory'
    return new Unavailable(
      'ERROR_DATABASE_FULL',
      `the database at ${where} has no ${lacks} left; the transaction was rolled back and stored data is unharmed. Free some ${lacks} on its machine`,
      { cause: error },
    )
  }
  if (state === '42501' && error.message.includes('row-level security')) return outOfReach(error)
  if (isConnectionLoss(error)) return unavailable(where, error)
  return error
}

function outOfReach(cause: Error): GleanerError {
  return new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    'the request would write what the caller may not touch: another domain, or something outside the projects that its API key is bound to. Nothing was written',
    { cause },
  )
}

/** The database does not answer; `where` is host and port or the embedded server's folder, never a password. */
export function unavailable(where: string, cause: unknown, reason = toError(cause).message): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    `the database at ${where} does not answer: ${reason || 'no reason given'}. What was committed is safe; an open transaction was rolled back. Check that PostgreSQL runs there and accepts connections`,
    { cause },
  )
}

const LOST_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03'])
const LOST_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** True when the connection is gone or could not be made, so that a new one is needed. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = toError(error) as Error & { code?: unknown }
  if (typeof code === 'string') return code.startsWith('08') || LOST_STATES.has(code) || LOST_CODES.has(code)
  return /connection terminated|connection error|not queryable|timeout (expired|exceeded)|read timeout/i.test(
    message,
  )
}

function textField(error: unknown, field: string, accept: (text: string) => boolean): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    const value = Reflect.get(at, field)
    if (typeof value === 'string' && Reflect.has(at, 'severity') && accept(value)) return value
  }
  return undefined
}
