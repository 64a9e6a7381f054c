import type { Id } from '../core/ids.ts'
import type { Sql } from '../storage/index.ts'
import { assertDomain } from './domains.ts'

/** How long a domain once seen is believed to exist, milliseconds. */
const TRUST_MS = 5_000

/** More domains than this are looked up each time: the cache saves a query, it must not grow with callers. */
const MAX_ENTRIES = 1_000

export type DomainCache = { assert(domainId: string): Promise<Id<'domain'>> }

/**
 * `assertDomain` that asks the database once in five seconds per domain. Only existing domains are
 * remembered, so a new one can be used at once, and unknown ids of a guessing caller take no memory.
 */
export function createDomainCache(db: Sql): DomainCache {
  const known = new Map<string, { readonly id: Id<'domain'>; readonly until: number }>()
  return {
    async assert(domainId) {
      const entry = known.get(domainId)
      if (entry !== undefined && entry.until > performance.now()) return entry.id
      known.delete(domainId)
      const id = await assertDomain(db, domainId)
      if (known.size >= MAX_ENTRIES) known.clear()
      known.set(domainId, { id, until: performance.now() + TRUST_MS })
      return id
    },
  }
}
