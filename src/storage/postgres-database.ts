import type { Connection } from './connection.ts'
import { type Connections, openConnections } from './connections.ts'
import type { Database, PoolUse, QueryOptions, WholeDatabase } from './database.ts'
import { isConnectionLoss } from './database-errors.ts'
import type { Log } from './log.ts'
import { runStatement } from './run-statement.ts'
import { runTransaction } from './run-transaction.ts'
import { bindTo } from './tenant-binding.ts'

export type DatabaseOptions = {
  readonly connection: Connection
  readonly log: Log
  /** Longest run of one statement, milliseconds; 0 = no limit. Default 30,000. */
  readonly statementTimeoutMs?: number
  /** Connections at once, for the owner and again for tenants. Default 10; the embedded server allows 50 in all. */
  readonly maxConnections?: number
  /** Longest wait for a free or new connection, milliseconds. Default 10,000. */
  readonly acquireTimeoutMs?: number
  /**
   * Longest time a transaction may hold its locks while the client says nothing, milliseconds. Default 10,000:
   * a paused process must not keep the rows that the others wait for.
   */
  readonly idleInTransactionTimeoutMs?: number
  /** The role of connections that are bound to a domain, from `prepareTenantRole`. Absent: there is no second wall. */
  readonly tenantRole?: string | undefined
}

/**
 * Opens the database; the first statement makes the first connection. Connections of the owner and those that are held by
 * row-level security are two pools: neither waits for the other, and none changes its role.
 */
export function createDatabase(options: DatabaseOptions): WholeDatabase {
  const owner = openConnections(options)
  const tenants = options.tenantRole === undefined ? undefined : openConnections(options, options.tenantRole)
  return {
    ...databaseOn(owner),
    boundTo: (domainId) => databaseOn(tenants === undefined ? owner : bindTo(tenants, domainId)),
    poolUse: () => addUse(owner.use(), tenants?.use()),
    async close() {
      await Promise.all([owner.close(), tenants?.close()])
    },
  }
}

function addUse(owner: PoolUse, tenants: PoolUse | undefined): PoolUse {
  if (tenants === undefined) return owner
  return {
    inUse: owner.inUse + tenants.inUse,
    idle: owner.idle + tenants.idle,
    waiting: owner.waiting + tenants.waiting,
    waits: owner.waits + tenants.waits,
    waitedMs: owner.waitedMs + tenants.waitedMs,
  }
}

function databaseOn(connections: Connections): Database {
  return {
    async query<Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) {
      const client = await connections.acquire()
      try {
        const rows = await runStatement<Row>(client, text, params, options)
        client.release()
        return rows
      } catch (thrown) {
        client.release(isConnectionLoss(thrown))
        throw connections.toError(thrown)
      }
    },
    transaction: (run, options) => runTransaction(connections, run, options),
  }
}
