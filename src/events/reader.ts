import type { Context } from '../access/index.ts'
import type { Database } from '../storage/index.ts'

/** Who listens, and through what. */
export type Reader = {
  /** The reader's own: what row-level security hides from it is not told. */
  readonly db: Database
  /** Readers of one sight see the same rows, and may be given the same page. */
  readonly sight: string
  /**
   * False when it sees only some of a domain: places that it misses are then no sign that events were
   * removed.
   */
  readonly seesAll: boolean
}

/** The reader that a request is. */
export function readerOf({ db, principal }: Context): Reader {
  if (principal.kind !== 'api_key') return { db, sight: '', seesAll: true }
  const { domainId, projectIds } = principal
  return { db, sight: [domainId, ...projectIds].join(' '), seesAll: projectIds.length === 0 }
}
