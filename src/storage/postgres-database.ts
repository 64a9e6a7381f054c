import type pg from 'pg'
import { FailedPrecondition } from '../core/errors.ts'
import type { Connection } from './connection.ts'
import { type Connections, openConnections } from './connections.ts'
import { copyOut } from './copy-out.ts'
import type { Database, PoolUse, QueryOptions, WholeDatabase } from './database.ts'
import { isConnectionLoss } from './database-errors.ts'
import type { Log } from './log.ts'
import { runStatement } from './run-statement.ts'
import { runTransaction } from './run-transaction.ts'
import { bindTo, ownedBy } from './tenant-binding.ts'
import { projectRoleOf } from './tenant-role.ts'

export type DatabaseOptions = {
  readonly connection: Connection
  readonly log: Log
  /** Longest run of one statement, milliseconds; 0 = no limit. Default 30,000. */
  readonly statementTimeoutMs?: number
  /**
   * Connections at once, for the owner and again for tenants. Default 10; the embedded server allows 50 in
   * all.
   */
  readonly maxConnections?: number
  /** Longest wait for a free connection, and as long again where a new one has to be made, milliseconds. Default 10,000. */
  readonly acquireTimeoutMs?: number
  /**
   * Longest time a transaction may hold its locks while the client says nothing, milliseconds. Default
   * 10,000: a paused process must not keep the rows that the others wait for.
   */
  readonly idleInTransactionTimeoutMs?: number
  /**
   * The role of connections that are bound to a domain, from `prepareTenantRole`. Absent: there is no second
   * wall.
   */
  readonly tenantRole?: string | undefined
  /** Is told of each failure of a statement or a transaction, such as `Room.note`. */
  readonly heard?: (failure: Error) => void
}

/**
 * Opens the database; the first statement makes the first connection. Connections of the owner and those that
 * are held by row-level security are pools of their own: none waits for another, and no connection changes
 * its role.
 */
export function createDatabase(options: DatabaseOptions): WholeDatabase {
  const { tenantRole } = options
  const owner = openConnections(options)
  const tenants = tenantRole === undefined ? undefined : openConnections(options, tenantRole)
  const projects = tenantRole === undefined ? undefined : openConnections(options, projectRoleOf(tenantRole))
  return {
    ...databaseOn(owner),
    boundTo(domainId, projectIds = []) {
      if (projectIds.length === 0)
        return databaseOn(
          tenants === undefined ? ownedBy(owner, domainId) : bindTo(tenants, { domainId, projectIds }),
        )
      if (projects === undefined) throw withoutWall()
      return databaseOn(bindTo(projects, { domainId, projectIds }))
    },
    poolUse: () =>
      [tenants?.use(), projects?.use()].filter((use) => use !== undefined).reduce(addUse, owner.use()),
    async close() {
      await Promise.all([owner.close(), tenants?.close(), projects?.close()])
    },
  }
}

function addUse(one: PoolUse, other: PoolUse): PoolUse {
  return {
    inUse: one.inUse + other.inUse,
    idle: one.idle + other.idle,
    waiting: one.waiting + other.waiting,
    waits: one.waits + other.waits,
    waitedMs: one.waitedMs + other.waitedMs,
  }
}

function withoutWall(): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_PROJECT_KEYS_UNAVAILABLE',
    'keys that are bound to projects do not work on this database: row-level security, which holds them there, is not in force. The log of the start says which role is missing',
  )
}

function databaseOn(connections: Connections): Database {
  return {
    query: <Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) =>
      onConnection(connections, (client) => runStatement<Row>(client, text, params, options)),
    copyOut: (text, take) => onConnection(connections, (client) => copyOut(client, text, take)),
    transaction: (run, options) => runTransaction(connections, run, options),
  }
}

async function onConnection<T>(
  connections: Connections,
  run: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await connections.acquire()
  try {
    const result = await run(client)
    client.release()
    return result
  } catch (thrown) {
    client.release(isConnectionLoss(thrown))
    throw connections.toError(thrown)
  }
}
