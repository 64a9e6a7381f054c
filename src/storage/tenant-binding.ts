import type pg from 'pg'
import { toError } from '../core/errors.ts'
import type { Connections } from './connections.ts'

/** What each connection is bound to; one that is new is bound to nothing. */
const bindings = new WeakMap<pg.PoolClient, string>()

/** What a connection may see. Without projects: all of the domain. */
type Binding = { readonly domainId: string; readonly projectIds: readonly string[] }

/**
 * The same connections, each bound before it is used. A connection stays bound when it goes back to the pool,
 * so that a server whose requests are mostly of one domain pays nothing, and a change of domain one round
 * trip.
 */
export function bindTo(connections: Connections, { domainId, projectIds }: Binding): Connections {
  const projects = projectIds.join(',')
  const binding = `${domainId} ${projects}`
  const own = ownedBy(connections, domainId)
  return {
    ...own,
    async acquire(signal) {
      const client = await own.acquire(signal)
      if ((bindings.get(client) ?? ' ') === binding) return client
      try {
        // Outside any transaction: a rollback would take the binding back and leave us believing in it.
        await client.query(BIND, [domainId, projects])
      } catch (thrown) {
        client.release(true)
        throw connections.toError(toError(thrown))
      }
      bindings.set(client, binding)
      return client
    },
  }
}

/** The same connections, for which a domain waits behind its own. */
export function ownedBy(connections: Connections, domainId: string): Connections {
  return {
    ...connections,
    acquire: (signal) => connections.acquire(signal, domainId),
    takeQueryPlace: (signal) => connections.takeQueryPlace(signal, domainId),
  }
}

const BIND = `select set_config('gleaner.domain_id', $1, false), set_config('gleaner.project_ids', $2, false)`
