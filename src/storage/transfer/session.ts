import pg from 'pg'
import { toError } from '../../core/errors.ts'
import { CONNECT_WITHIN_MS, type Connection, describeConnection, KEEP_ALIVE } from '../connection.ts'
import { copyIn } from '../copy-in.ts'
import { toDatabaseError } from '../database-errors.ts'
import { runStatement } from '../run-statement.ts'
import { connectionOf } from '../send-together.ts'
import { copyPages } from './copy-pages.ts'

/** One connection for what takes whole tables: statements may take as long as they want, and transactions are begun by hand. */
export type Session = {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
  ): Promise<readonly Row[]>
  /** What a `copy … to stdout` sends, in pages that end where a row ends. Read it to its end, or let the session go. */
  copyOut(text: string): AsyncIterable<Buffer>
  /** Runs a `copy … from stdin` with these pieces. */
  copyIn(text: string, pieces: AsyncIterable<Uint8Array>): Promise<void>
}

/** Everything that an operator's server may limit, and that a copy of a million rows would run into. */
const UNLIMITED =
  '-c datestyle=ISO -c timezone=UTC -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0'

/** Opens a session for as long as `run` takes. The signal cuts the connection, so that the server rolls back. */
export async function withSession<T>(
  { connection, signal }: { readonly connection: Connection; readonly signal?: AbortSignal | undefined },
  run: (session: Session) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const where = describeConnection(connection)
  const client = new pg.Client({
    ...connection,
    ...KEEP_ALIVE,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    options: UNLIMITED,
    application_name: 'gleaner backup',
  })
  client.on('error', () => {})
  const stop = () => connectionOf(client).stream.destroy(toError(signal?.reason))
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await client.connect()
    return await run({
      query: (text, params) => runStatement(client, text, params),
      copyOut: (text) => copyPages(client, text),
      copyIn: (text, pieces) => copyIn(client, text, pieces),
    })
  } catch (thrown) {
    signal?.throwIfAborted()
    throw toDatabaseError(thrown, where)
  } finally {
    signal?.removeEventListener('abort', stop)
    await client.end().catch(() => {})
  }
}
