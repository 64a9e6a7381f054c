import { GleanerError } from '../core/errors.ts'

/** Attempts of one task that may end in a failure of its own, the first one included. */
export const MAX_FAILED_ATTEMPTS = 3

/**
 * Attempts of one task whose worker may vanish. Generous, because a machine that restarts often is no fault of the
 * task; finite, because a task may be what kills its workers.
 */
export const MAX_LOST_ATTEMPTS = 10

const FIRST_DELAY_MS = 2_000

export type RetryDecision = { readonly retry: true; readonly delayMs: number } | { readonly retry: false }

/**
 * Whether a task that just failed is worth another attempt, and after which pause: 2 s, then 8 s. Only failures
 * that say of themselves that they may pass are repeated, at most twice.
 */
export function decideRetry(failure: unknown, failedAttemptsBefore: number): RetryDecision {
  const isRetryable = failure instanceof GleanerError && failure.retryable
  if (!isRetryable || failedAttemptsBefore + 1 >= MAX_FAILED_ATTEMPTS) return { retry: false }
  return { retry: true, delayMs: FIRST_DELAY_MS * 4 ** failedAttemptsBefore }
}
