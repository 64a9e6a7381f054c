/** How often each domain asks. */
type Rates = {
  /**
   * Counts one request; 0 when it comes in time, else how many milliseconds too early it is. One that is too
   * early does not count.
   */
  take(domainId: string): number
}

/** Seconds for which a domain may have left out requests that it makes up for at once. */
const MAKES_UP_S = 10

/**
 * Domains whose requests are all in the past are as good as unknown; they are looked for when there are more
 * than so many.
 */
const MANY_DOMAINS = 1_000

/**
 * Token buckets of this process, one a domain: each is the one moment up to which its requests are paid for,
 * were they spread evenly. `perSecond` 0 counts nothing. `nowMs` is a clock that never goes back.
 */
export function createRates({
  perSecond,
  nowMs = () => performance.now(),
}: {
  readonly perSecond: number
  readonly nowMs?: () => number
}): Rates {
  const eachMs = 1_000 / perSecond
  const aheadMs = (MAKES_UP_S * perSecond - 1) * eachMs
  const paidUntil = new Map<string, number>()
  let sweepAbove = MANY_DOMAINS

  function sweep(now: number): void {
    for (const [domainId, until] of paidUntil) if (until <= now) paidUntil.delete(domainId)
    sweepAbove = Math.max(MANY_DOMAINS, 2 * paidUntil.size)
  }

  return {
    take(domainId) {
      if (perSecond === 0) return 0
      const now = nowMs()
      const from = Math.max(now, paidUntil.get(domainId) ?? now)
      // A millionth of a millisecond is rounding and not haste.
      const earlyMs = from - now - aheadMs
      if (earlyMs > 1e-6) return earlyMs
      paidUntil.set(domainId, from + eachMs)
      if (paidUntil.size > sweepAbove) sweep(now)
      return 0
    },
  }
}
