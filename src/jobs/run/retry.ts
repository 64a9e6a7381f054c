import { GleanerError } from '../../core/errors.ts'
import { PluginError } from '../../plugins/index.ts'

/** How often one task may be tried. */
export type AttemptLimits = {
  /** Attempts that may end in a failure of its own, the first one included. Default 3. */
  readonly maxFailed: number
  /**
   * Attempts whose worker may vanish, whose database went away, or whose plugin paused and could not be
   * tried. Generous, because a machine that restarts often is no fault of the task; finite, because a task
   * may be what kills its workers. Default 10.
   */
  readonly maxLost: number
}

export const DEFAULT_ATTEMPT_LIMITS: AttemptLimits = { maxFailed: 3, maxLost: 10 }

const FIRST_DELAY_MS = 2_000
const DATABASE_DELAY_MS = 1_000

/** `counts` says which of the two limits the attempt counts against. */
type RetryDecision =
  | { readonly retry: true; readonly delayMs: number; readonly counts: 'failed' | 'lost' }
  | { readonly retry: false }

/**
 * Whether a task that just failed is worth another attempt, and after which pause: 2 s, then 8 s. Only
 * failures that say of themselves that they may pass are repeated. A database that was away is a mishap of
 * this server and not of the task: it is repeated after a second, and counts like a lost worker. So is a
 * plugin that pauses after failures of others: the task has not been tried, and comes back when the pause
 * ends.
 */
export function decideRetry(
  failure: unknown,
  before: { readonly failedAttempts: number; readonly lostAttempts: number },
  limits: AttemptLimits = DEFAULT_ATTEMPT_LIMITS,
): RetryDecision {
  if (!(failure instanceof GleanerError) || !failure.retryable) return { retry: false }
  // Codes of plugins are whatever they say.
  if (!(failure instanceof PluginError) && failure.code.startsWith('ERROR_DATABASE_')) {
    if (before.lostAttempts + 1 >= limits.maxLost) return { retry: false }
    return { retry: true, delayMs: DATABASE_DELAY_MS, counts: 'lost' }
  }
  if (failure instanceof PluginError && failure.pausedForMs !== undefined) {
    if (before.lostAttempts + 1 >= limits.maxLost) return { retry: false }
    return { retry: true, delayMs: Math.ceil(failure.pausedForMs), counts: 'lost' }
  }
  if (before.failedAttempts + 1 >= limits.maxFailed) return { retry: false }
  return { retry: true, delayMs: FIRST_DELAY_MS * 4 ** Math.min(before.failedAttempts, 3), counts: 'failed' }
}
