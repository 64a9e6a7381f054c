import { ApiError } from './api-error.ts'

const MOST_RETRIES = 2
const FIRST_WAIT_MS = 1_000

/** A page that waits for longer says rather what is wrong; milliseconds. */
const LONGEST_WAIT_MS = 20_000

/**
 * The server is away, or has too much to do just now: what it refused for any other reason it refuses again.
 */
const PASSING: readonly number[] = [0, 429, 503]

/** Whether a question is asked once more after so many failures. */
export function asksAgain(failures: number, error: unknown): boolean {
  if (failures >= MOST_RETRIES) return false
  if (!(error instanceof ApiError)) return true
  return PASSING.includes(error.status) && (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS
}

/** How long it waits before that, milliseconds: as long as the server says, else ever longer. */
export function waitBefore(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined
  return asked ?? FIRST_WAIT_MS * 2 ** failures
}

/**
 * Milliseconds that a `Retry-After` header of our server says, which writes seconds; undefined without one.
 */
export function readRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1_000 : undefined
}
