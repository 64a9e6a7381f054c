import type { Context } from '../src/access/index.ts'
import type { Database } from '../src/storage/index.ts'

/** Who asks where verbs are called without a server: somebody who may everything. */
export function benchContext(db: Database, log: Context['log']): Context {
  return {
    requestId: 'request-bench',
    principal: { kind: 'system', role: 'bench' },
    signal: new AbortController().signal,
    db,
    now: () => new Date(),
    log,
  }
}
