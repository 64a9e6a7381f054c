import { setTimeout as delay } from 'node:timers/promises'
import { toPluginError } from '../errors.ts'

/** How often and how soon `retry` tries again. */
export type RetryOptions = {
  readonly signal?: AbortSignal | undefined
  /** Tries in all. Default 4. */
  readonly attempts?: number
  /** Pause before the second try; doubles with each further one, up to 30 s. Default 500 ms. */
  readonly pauseMs?: number
  /** Is told before each try but the first. */
  readonly onRetry?: () => void
}

const LONGEST_PAUSE_MS = 30_000

/**
 * Tries again what failed for a reason that passes: a `PluginError` that says so, or a broken connection.
 * Pauses are of random length up to the full one, so that many tasks do not come back at once.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 4, onRetry, pauseMs = 500, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      if (attempt >= attempts || !toPluginError(error).retryable) throw error
      const longestMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** (attempt - 1))
      await delay(longestMs * (0.5 + Math.random() / 2), undefined, { signal })
      onRetry?.()
    }
  }
}
