import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { FailedPrecondition, toError } from '../core/errors.ts'
import { type Connection, describeConnection } from './connection.ts'
import { isConnectionLoss, sqlState, unavailable } from './database-errors.ts'

/** What our SQL needs: 15 is the oldest release it is tested on. */
const OLDEST_SERVER = 15

type WaitOptions = {
  readonly connection: Connection
  readonly waitMs: number
  readonly signal?: AbortSignal
}

/**
 * Waits until the server answers, because a database is often started together with us, then checks that we
 * can live on it. A refused login or an unknown database is reported at once: waiting would not help.
 */
export async function waitForServer(options: WaitOptions): Promise<{ version: string }> {
  const { connection, waitMs, signal } = options
  const where = describeConnection(connection)
  const deadline = performance.now() + waitMs
  for (;;) {
    signal?.throwIfAborted()
    try {
      const { version, encoding } = await readServer(connection)
      assertSupportedVersion(version, where)
      assertEncoding(encoding, where)
      return { version }
    } catch (thrown) {
      if (thrown instanceof FailedPrecondition) throw thrown
      if (sqlState(thrown) !== undefined && !isConnectionLoss(thrown)) throw refused(where, thrown)
      if (performance.now() >= deadline) throw unavailable(where, thrown, reasonOf(thrown))
      await sleep(200)
    }
  }
}

/** Refuses a server older than what our SQL is written for; `version` as `show server_version` gives it. */
function assertSupportedVersion(version: string, where: string): void {
  if (Number.parseInt(version, 10) >= OLDEST_SERVER) return
  throw new FailedPrecondition(
    'ERROR_DATABASE_TOO_OLD',
    `the database at ${where} is PostgreSQL ${version}; Gleaner needs ${OLDEST_SERVER} or newer. Nothing was changed. Upgrade the server, or leave DATABASE_URL unset to use the embedded one`,
  )
}

/** Our texts are Unicode; another encoding would refuse some of what plugins send. */
function assertEncoding(encoding: string, where: string): void {
  if (encoding === 'UTF8') return
  throw new FailedPrecondition(
    'ERROR_DATABASE_ENCODING',
    `the database at ${where} stores text as ${encoding}; Gleaner needs UTF8. Nothing was changed. Create a database with encoding 'UTF8' and name it in DATABASE_URL`,
  )
}

type ServerFacts = { readonly version: string; readonly encoding: string }

async function readServer(connection: Connection): Promise<ServerFacts> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<ServerFacts>(
      "select current_setting('server_version') as version, current_setting('server_encoding') as encoding",
    )
    return rows[0] ?? { version: '', encoding: '' }
  } finally {
    await client.end().catch(() => {})
  }
}

function refused(where: string, thrown: unknown): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_DATABASE_REFUSED',
    `the database at ${where} refused the connection: ${toError(thrown).message}. Nothing was changed. Check user, password and database name in DATABASE_URL`,
    { cause: thrown },
  )
}

/** Node reports a name with several addresses as an aggregate without words of its own. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return [...new Set(thrown.errors.map(reasonOf))].join('; ')
  return toError(thrown).message
}
