import pg from 'pg'
import { FailedPrecondition } from '../core/errors.ts'

/**
 * Where PostgreSQL is: an address from the outside, or the parts of the embedded server. Drivers take either
 * as it is.
 */
export type Connection =
  | { readonly connectionString: string }
  | {
      /** Host name, or the folder of a Unix socket. */
      readonly host: string
      readonly port: number
      readonly user: string
      readonly database: string
      readonly password: string
    }

/**
 * Finds a server that has vanished while nothing is asked of it: the first probe leaves after ten seconds of
 * silence, where the operating system would wait for two hours. Where something is asked, no probe is sent:
 * see `watchSilence`.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const

/** How long a server may take to let a client in, where nobody who waits says something else. */
export const CONNECT_WITHIN_MS = 10_000

/** Names host, port and database for messages; never user or password. */
export function describeConnection(connection: Connection): string {
  const { host, port, database } = parse(connection)
  return `${host}:${port}/${database}`
}

/** The same server and user, another database. */
export function withDatabase(connection: Connection, database: string): Connection {
  if (!('connectionString' in connection)) return { ...connection, database }
  const url = new URL(connection.connectionString)
  url.pathname = `/${encodeURIComponent(database)}`
  return { connectionString: url.href }
}

/** The driver knows how an address and the `PG…` variables are read; making a client does not connect. */
function parse(connection: Connection): pg.Client {
  try {
    if ('connectionString' in connection) assertKnownForm(connection.connectionString)
    return new pg.Client({ ...connection })
  } catch {
    throw new FailedPrecondition(
      'ERROR_DATABASE_URL',
      'DATABASE_URL cannot be read as an address. Write it as postgresql://user:password@host:port/database, with special characters of the password percent-encoded',
    )
  }
}

/**
 * The driver takes any text for a path on a host named `base`, and would fail much later, for a reason that
 * says nothing.
 */
function assertKnownForm(address: string): void {
  if (!/^(?:postgres(?:ql)?:\/\/|socket:|\/)/i.test(address)) throw new Error('not an address of PostgreSQL')
}
