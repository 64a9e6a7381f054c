import { GleanerError, toError, Unavailable } from '../core/errors.ts'

/**
 * The SQLSTATE of the database error in this error or its causes; undefined when it did not come from the
 * database.
 */
export function sqlState(error: unknown): string | undefined {
  return textField(error, 'code', (code) => /^[0-9A-Z]{5}$/.test(code))
}

/** The constraint that a database error names (unique, foreign key, check), if it names one. */
export function violatedConstraint(error: unknown): string | undefined {
  return textField(error, 'constraint', (name) => name !== '')
}

/**
 * Gives the failures that no statement is to blame for a kind a transport can report: database away, disk
 * full or broken, time limit, deadlock. Everything else stays the driver's error, with its SQLSTATE.
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
  const trouble = troubleOf(error)
  if (trouble !== undefined) {
    const { code, says, help } = TROUBLES[trouble]
    return new Unavailable(
      code,
      `the database at ${where} ${says}; the transaction was rolled back and what was committed is safe. ${help}`,
      { cause: error },
    )
  }
  if (state === '42501' && error.message.includes('row-level security')) return outOfReach(error)
  if (isConnectionLoss(error)) return unavailable(where, error)
  return error
}

/**
 * What may be wrong with the machine of a database that answers: then nothing can be stored, whoever asks.
 */
export type Trouble = 'disk_full' | 'memory' | 'broken' | 'read_only'

export const TROUBLES = {
  disk_full: {
    code: 'ERROR_DATABASE_FULL',
    says: 'cannot store anything, because its disk is full',
    help: 'Free some space on it; everything goes on by itself then',
  },
  memory: {
    code: 'ERROR_DATABASE_FULL',
    says: 'has no memory left',
    help: 'Free some on its machine, or lower what its settings allow each connection',
  },
  broken: {
    code: 'ERROR_DATABASE_IO',
    says: 'cannot read or write its files',
    help: "Look at its log and at its machine's disk; everything goes on by itself when that works again",
  },
  read_only: {
    code: 'ERROR_DATABASE_READ_ONLY',
    says: 'accepts no changes: it is a standby, or was made read-only',
    help: 'Point DATABASE_URL at the primary, or let this one accept changes; everything goes on by itself then',
  },
} as const satisfies Record<Trouble, { readonly code: string; readonly says: string; readonly help: string }>

const TROUBLE_OF_STATE: ReadonlyMap<string, Trouble> = new Map([
  ['53100', 'disk_full'],
  ['53200', 'memory'],
  ['53000', 'broken'],
  ['58030', 'broken'],
  ['25006', 'read_only'],
])

/** The trouble that a database error tells of. Where a state of PostgreSQL does not say enough, the system's words do. */
export function troubleOf(error: unknown): Trouble | undefined {
  const state = sqlState(error)
  if (state === undefined) return undefined
  const { message } = toError(error)
  // Memory that processes share is a file to the system, which says of it that a disk is full.
  if (state === '53100' && /shared memory segment/i.test(message)) return 'memory'
  const known = TROUBLE_OF_STATE.get(state)
  if (known !== undefined) return known
  if (state === 'XX000' && /quota exceeded/i.test(message)) return 'disk_full'
  if (state === '42501' && /read-only file system/i.test(message)) return 'broken'
  return undefined
}

/**
 * True when the server says this with its last breath, as when its log cannot be written: it does not say
 * what became of a commit.
 */
export function isLastWord(error: unknown): boolean {
  const severity = textField(error, 'severity', (text) => text !== '')
  return severity === 'FATAL' || severity === 'PANIC'
}

function outOfReach(cause: Error): GleanerError {
  return new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    'the request would write what the caller may not touch: another domain, or something outside the projects that its API key is bound to. Nothing was written',
    { cause },
  )
}

/**
 * The database does not answer; `where` is host and port or the embedded server's folder, never a password.
 */
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
