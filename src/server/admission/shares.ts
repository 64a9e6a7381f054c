/** Which of two limits leaves no place: the domain's own, or what is left of all. */
export type Full = 'domain' | 'server'

/** A place that is held until `leave`, or why there is none. */
type Place = { readonly leave: () => void } | { readonly full: Full }

/** Places for what is answered at the same time, divided among domains as they come. */
type Shares = {
  take(domainId: string): Place
  /** Places that are held. */
  held(): number
}

/** A domain may hold so many times the places that are left. */
const OF_WHAT_IS_LEFT = 3

/**
 * Makes places for all domains together, of which one domain gets at most `perDomain`; 0 is any number.
 * Nobody knows how many domains will come, so none has a fixed share: it may hold three times as many places
 * as are left. One alone gets three quarters, of two each three sevenths, of k each 3 in 3k + 1. So the
 * domain that holds most is the first to be refused, and there is a place for one that comes anew.
 */
export function createShares({
  places,
  perDomain,
}: {
  readonly places: number
  readonly perDomain: number
}): Shares {
  const byDomain = new Map<string, number>()
  let taken = 0

  function leave(domainId: string): void {
    taken--
    const left = (byDomain.get(domainId) ?? 1) - 1
    if (left === 0) byDomain.delete(domainId)
    else byDomain.set(domainId, left)
  }

  return {
    held: () => taken,
    take(domainId) {
      const own = byDomain.get(domainId) ?? 0
      if (perDomain > 0 && own >= perDomain) return { full: 'domain' }
      if (places > 0 && own >= OF_WHAT_IS_LEFT * (places - taken)) return { full: 'server' }
      taken++
      byDomain.set(domainId, own + 1)
      let isHeld = true
      return {
        leave() {
          if (isHeld) leave(domainId)
          isHeld = false
        },
      }
    },
  }
}
