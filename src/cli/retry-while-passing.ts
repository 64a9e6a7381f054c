import type { CliContext } from './cli-context.ts'
import { ApiError, isPassing } from './failures.ts'
import { pause } from './pause.ts'

const RETRY_MS = 500

/**
 * Asks again while the server only starts, stops or is overloaded, for as long as the caller's patience
 * lasts; throws the last failure.
 */
export async function retryWhilePassing<Answered>(
  { now, patienceMs, signal }: Pick<CliContext, 'now' | 'patienceMs' | 'signal'>,
  ask: () => Promise<Answered>,
): Promise<Answered> {
  const startedAt = now().getTime()
  for (;;) {
    try {
      return await ask()
    } catch (thrown) {
      if (!isPassing(thrown) || now().getTime() - startedAt >= patienceMs) throw thrown
      const askedMs = thrown instanceof ApiError ? (thrown.retryAfterMs ?? 0) : 0
      await pause(Math.max(RETRY_MS, askedMs), signal)
    }
  }
}
