import type pg from 'pg'
import { toError } from '../core/errors.ts'
import type { Connections } from './connections.ts'

/** Which domain each connection is bound to; one that is new is bound to none. */
const bindings = new WeakMap<pg.PoolClient, string>()

/**
 * The same connections, each bound to the domain before it is used. A connection stays bound when it goes back to the pool,
 * so that a server whose requests are mostly of one domain pays nothing, and a change of domain one round trip.
 */
export function bindTo(connections: Connections, domainId: string): Connections {
  return {
    ...connections,
    async acquire(signal) {
      const client = await connections.acquire(signal)
      if ((bindings.get(client) ?? '') === domainId) return client
      try {
        // Outside any transaction: a rollback would take the binding back and leave us believing in it.
        await client.query("select set_config('gleaner.domain_id', $1, false)", [domainId])
      } catch (thrown) {
        client.release(true)
        throw connections.toError(toError(thrown))
      }
      bindings.set(client, domainId)
      return client
    },
  }
}
