import { describe, expect, test } from 'vitest'
import { createShares } from '../../../src/server/admission/shares.ts'

/**
 * Domains that ask again and again, in turn, for as long as one of them gets a place; how many each has then.
 */
function fill(shares: ReturnType<typeof createShares>, domains: readonly string[]): Record<string, number> {
  const got = Object.fromEntries(domains.map((domain) => [domain, 0]))
  for (let isSomeGiven = true; isSomeGiven; ) {
    isSomeGiven = false
    for (const domain of domains) {
      if ('full' in shares.take(domain)) continue
      got[domain] = (got[domain] ?? 0) + 1
      isSomeGiven = true
    }
  }
  return got
}

describe('places', () => {
  test.each([
    [['a'], { a: 75 }],
    [['a', 'b'], { a: 43, b: 43 }],
    [['a', 'b', 'c', 'd'], { a: 24, b: 24, c: 23, d: 23 }],
  ])('of which %j want all are shared evenly, and some are left', (domains, expected) => {
    const got = fill(createShares({ places: 100, perDomain: 0 }), domains)
    for (const [domain, places] of Object.entries(expected)) {
      expect(got[domain]).toBeGreaterThanOrEqual(places - 1)
      expect(got[domain]).toBeLessThanOrEqual(places + 1)
    }
  })

  test('are refused to the domain that holds most, and given to one that comes anew', () => {
    const shares = createShares({ places: 8, perDomain: 0 })
    fill(shares, ['flooding'])
    expect(shares.take('flooding')).toEqual({ full: 'server' })
    expect(shares.take('new')).not.toHaveProperty('full')
    expect(shares.held()).toBe(7)
  })

  test('are never more than there are, and the last goes to somebody', () => {
    const shares = createShares({ places: 2, perDomain: 0 })
    expect(['a', 'a', 'a', 'b'].map((domain) => 'full' in shares.take(domain))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('of one domain are at most as many as it may have, and there is one again when one is left, once', () => {
    const shares = createShares({ places: 0, perDomain: 2 })
    const first = shares.take('a')
    shares.take('a')
    expect(shares.take('a')).toEqual({ full: 'domain' })
    if ('full' in first) throw new Error('no place')
    first.leave()
    first.leave()
    expect([shares.held(), 'full' in shares.take('a'), 'full' in shares.take('a')]).toEqual([1, false, true])
  })
})
