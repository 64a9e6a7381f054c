/** Where PostgreSQL is: an address from the outside, or the parts of the embedded server. Drivers take either as it is. */
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

/** Names host, port and database for messages; never user or password. */
export function describeConnection(connection: Connection): string {
  if (!('connectionString' in connection)) {
    const { host, port, database } = connection
    return host.startsWith('/') ? `socket ${host}, database '${database}'` : `${host}:${port}/${database}`
  }
  const url = URL.parse(connection.connectionString)
  if (!url) return 'DATABASE_URL (not a URL)'
  const host = url.hostname || url.searchParams.get('host') || 'localhost'
  return `${host}:${url.port || url.searchParams.get('port') || '5432'}${url.pathname}`
}

/** The same server and user, another database. */
export function withDatabase(connection: Connection, database: string): Connection {
  if (!('connectionString' in connection)) return { ...connection, database }
  const url = new URL(connection.connectionString)
  url.pathname = `/${encodeURIComponent(database)}`
  return { connectionString: url.href }
}
