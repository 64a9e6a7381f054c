/** Rest after the first failure, and the longest one. */
const FIRST_DELAY_MS = 5_000
const MAX_DELAY_MS = 15 * 60_000

/** A webhook that has failed for this long is switched off. */
const GIVE_UP_AFTER_MS = 3 * 86_400_000

type Standing = { readonly failures: number; readonly failingSince: Date | null }

type Verdict =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'disable'; readonly reason: string }

/**
 * What becomes of a webhook after one more failure: 5 s, 10 s, 20 s … 15 min, and after three days without a
 * success the end. Pure.
 */
export function afterFailure({ failures, failingSince }: Standing, error: string, now: Date): Verdict {
  const failingMs = failingSince === null ? 0 : now.getTime() - failingSince.getTime()
  if (failingMs >= GIVE_UP_AFTER_MS) {
    const reason = `nothing could be delivered since ${failingSince?.toISOString()} (${failures + 1} attempts); the last one: ${error}. Events are kept for a while: enable it again when the receiver is well, and it goes on where it stopped`
    return { kind: 'disable', reason }
  }
  return { kind: 'retry', delayMs: Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 20)) }
}
