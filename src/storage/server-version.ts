import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { FailedPrecondition, toError } from '../core/errors.ts'
import { type Connection, describeConnection } from './connection.ts'
import { isConnectionLoss, sqlState, unavailable } from './database-errors.ts'

/** What our SQL needs: 15 is the oldest release it is tested on. */
export const OLDEST_SERVER = 15

export type WaitOptions = {
  readonly connection: Connection
  readonly waitMs: number
  readonly signal?: AbortSignal
}

/**
 * Waits until the server answers, because a database is often started together with us, then checks its
 * release. A refused login or an unknown database is reported at once: waiting would not help.
 */
export async function waitForServer({
  connection,
  waitMs,
  signal,
}: WaitOptions): Promise<{ version: string }> {
  const deadline = performance.now() + waitMs
  for (;;) {
    signal?.throwIfAborted()
    try {
      const version = await readVersion(connection)
      assertSupportedVersion(version, describeConnection(connection))
      return { version }
    } catch (thrown) {
      if (thrown instanceof FailedPrecondition) throw thrown
      const isWorthWaiting = sqlState(thrown) === undefined || isConnectionLoss(thrown)
      if (!isWorthWaiting || performance.now() >= deadline) throw explain(connection, thrown)
      await sleep(200)
    }
  }
}

/** Refuses a server older than what our SQL is written for; `version` as `show server_version` gives it. */
export function assertSupportedVersion(version: string, where: string): void {
  if (Number.parseInt(version, 10) >= OLDEST_SERVER) return
  throw new FailedPrecondition(
    'ERROR_DATABASE_TOO_OLD',
    `the database at ${where} is PostgreSQL ${version}; Gleaner needs ${OLDEST_SERVER} or newer. Nothing was changed. Upgrade the server, or leave DATABASE_URL unset to use the embedded one`,
  )
}

async function readVersion(connection: Connection): Promise<string> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? 'unknown'
  } finally {
    await client.end().catch(() => {})
  }
}

function explain(connection: Connection, thrown: unknown): Error {
  const where = describeConnection(connection)
  return unavailable(where, thrown, reasonOf(thrown))
}

/** Node reports a name with several addresses as an aggregate without words of its own. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return [...new Set(thrown.errors.map(reasonOf))].join('; ')
  return toError(thrown).message
}
