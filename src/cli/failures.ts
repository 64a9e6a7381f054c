import { GleanerError, Unavailable } from '../core/errors.ts'
import { START_COMMAND } from '../core/packaged.ts'

/** What the process tells its caller. 4: the job ended, something was collected, but more may exist. */
export const EXIT = { success: 0, failure: 1, usage: 2, incomplete: 4, interrupted: 130 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The command line itself cannot be used. */
export class UsageError extends Error {}

/** The server answered with an error; code and message are its own. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /**
   * When the server wants to be asked again, milliseconds from its answer; undefined where it did not say.
   */
  readonly retryAfterMs: number | undefined

  constructor(status: number, code: string, message: string, retryAfterMs?: number) {
    super(message)
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }

  /** True when the same request may succeed in a moment: the server starts, stops or is overloaded. */
  get isPassing(): boolean {
    return PASSING.includes(this.status)
  }
}

/** Statuses of a server, or of a proxy before it, that are gone in a moment. */
const PASSING: readonly number[] = [429, 502, 503, 504]

/** True when the same request may succeed in a moment, or the server may be back. */
export function isPassing(thrown: unknown): boolean {
  return thrown instanceof ApiError ? thrown.isPassing : thrown instanceof GleanerError && thrown.retryable
}

/** Nobody listens at the server's address, or the connection broke. */
export function serverUnreachable(url: string, cause: unknown): Unavailable {
  return new Unavailable(
    'ERROR_SERVER_UNREACHABLE',
    `no Gleaner server answers at ${url} (${reasonOf(cause)}).\n` +
      `Start one with \`${START_COMMAND}\`, or name another with --url or GLEANER_URL.`,
    { cause },
  )
}

/** The server took longer than a request may take. */
export function serverSilent(url: string, path: string, timeoutMs: number): Unavailable {
  return new Unavailable(
    'ERROR_SERVER_SILENT',
    `the Gleaner server at ${url} did not answer ${path} within ${timeoutMs / 1000} s.\n` +
      'It may be overloaded: `gleaner status` shows whether it makes progress, and its log says why not.',
  )
}

/** Something answers at the address, but not in the words of this API. */
export function notGleaner(url: string, status: number, found: string): GleanerError {
  return new GleanerError(
    'internal',
    'ERROR_UNEXPECTED_ANSWER',
    `${url} answers, but not as a Gleaner server does (HTTP ${status}, ${found}).\nCheck --url or GLEANER_URL.`,
    { retryable: PASSING.includes(status) },
  )
}

/** One text for people, with the code that programs and searches use where there is one. */
export function describeFailure(thrown: unknown): string {
  if (thrown instanceof ApiError) return `${thrown.code}: ${thrown.message}`
  return thrown instanceof Error ? thrown.message : String(thrown)
}

// fetch hides what happened one or more causes deep.
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const code: unknown = 'code' in thrown ? thrown.code : undefined
  if (typeof code === 'string') return code
  return thrown.cause === undefined ? thrown.message : reasonOf(thrown.cause)
}
