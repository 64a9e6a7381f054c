import { ApiError } from './failures.ts'
import { pause } from './pause.ts'

/** How often a question is asked in all before its refusal is told. */
const MOST_TRIES = 4

/**
 * Whoever is to wait for longer decides that himself; milliseconds, of one wait and of all tries together.
 */
const LONGEST_WAIT_MS = 20_000

/** Those that were refused together must not come back together: up to so much of the wait is added to it. */
const SPREAD = 0.25

const READING =
  /\/(?:get|list|stat|search|history|diff|blame|verify|resources|next-runs|get[-_][a-z_-]+|list[-_][a-z_-]+)$/

/** Whether a method of the API only reads, by its path, so that asking twice is asking once. */
export function isReading(path: string): boolean {
  return READING.test(path)
}

/**
 * Asks again, as often as a question may be, after as long as the server says when it has too much to do;
 * throws the last refusal.
 */
export async function retryRefused<Answered>(
  ask: () => Promise<Answered>,
  signal: AbortSignal,
): Promise<Answered> {
  const startedAt = performance.now()
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (thrown) {
      const waitMs = thrown instanceof ApiError && thrown.status === 429 ? thrown.retryAfterMs : undefined
      if (waitMs === undefined || tries === MOST_TRIES) throw thrown
      if (performance.now() - startedAt + waitMs > LONGEST_WAIT_MS) throw thrown
      await pause(waitMs * (1 + SPREAD * Math.random()), signal)
    }
  }
}

/**
 * Milliseconds from now that a `Retry-After` header says, in seconds or as a date; undefined where it says
 * nothing of use.
 */
export function readRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
