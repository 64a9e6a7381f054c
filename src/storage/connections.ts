import { Socket } from 'node:net'
import pg from 'pg'
import { GleanerError, toError, type Unavailable } from '../core/errors.ts'
import { describeConnection, KEEP_ALIVE } from './connection.ts'
import type { PoolUse } from './database.ts'
import { toDatabaseError, unavailable } from './database-errors.ts'
import type { Log } from './log.ts'
import { createPlaces } from './places.ts'
import type { DatabaseOptions } from './postgres-database.ts'
import { connectionOf } from './send-together.ts'

/** What statements and transactions need of a pool, so that they need not know its options. */
export type Connections = {
  /**
   * Waits for a connection. Those of one owner, a domain, wait for each other before they wait for those of
   * another.
   */
  acquire(signal?: AbortSignal, owner?: string): Promise<pg.PoolClient>
  /**
   * Waits until one more caller's query may run; returns the function that says it has ended. Owners as
   * above.
   */
  takeQueryPlace(signal?: AbortSignal, owner?: string): Promise<() => void>
  /** Asks the server to stop what this connection runs now. */
  cancel(client: pg.PoolClient): Promise<void>
  toError(thrown: unknown): Error
  readonly log: Log
}

const ACQUIRE_TIMEOUT_MS = 10_000

/** Who asks for no domain: the server itself. */
const NOBODY = ''

/** Opens a pool; its connections take the role, if one is named, with their first breath and keep it. */
export function openConnections(
  options: DatabaseOptions,
  role?: string,
): Connections & { use(): PoolUse; close(): Promise<void> } {
  const { log, maxConnections = 10 } = options
  const where = describeConnection(options.connection)
  const config = poolConfig(options)
  const pool = new pg.Pool({ ...config, options: sessionSettings(role), max: maxConnections })
  watchErrors(pool, log)
  watchSilence(pool, config.statement_timeout)
  const waitMs = config.connectionTimeoutMillis
  // As many as the pool has, so that the order is ours: its own line is one for all.
  const places = createPlaces({
    count: maxConnections,
    waitMs,
    refusal: () => noneFree(where, maxConnections, new Error('timeout exceeded')),
  })
  const queryPlaces = createPlaces({
    count: Math.max(1, Math.floor(maxConnections / 2)),
    waitMs,
    refusal: tooManyQueries,
  })
  const waited = { waits: 0, waitedMs: 0 }
  return {
    log,
    async acquire(signal, owner = NOBODY) {
      const mustWait = places.free() === 0
      const startedAt = performance.now()
      try {
        const leave = await places.take(owner, signal)
        try {
          return freeing(leave, await acquire(pool, where, maxConnections, signal))
        } catch (thrown) {
          leave()
          throw thrown
        }
      } finally {
        if (mustWait) {
          waited.waits++
          waited.waitedMs += performance.now() - startedAt
        }
      }
    },
    use: () => ({
      ...waited,
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: places.waiting() + pool.waitingCount,
    }),
    takeQueryPlace: (signal, owner = NOBODY) => queryPlaces.take(owner, signal),
    cancel: (client) => cancelStatement(config, client),
    toError(thrown) {
      const error = toDatabaseError(thrown, where)
      options.heard?.(error)
      return error
    },
    close: () => pool.end(),
  }
}

/**
 * Session settings are pinned, because an external server may have other defaults: dates must parse, a
 * compiled plan (jit) costs more than our statements take.
 */
function poolConfig(options: DatabaseOptions) {
  return {
    ...options.connection,
    application_name: 'gleaner',
    options: sessionSettings(),
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 10_000,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? ACQUIRE_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    ...KEEP_ALIVE,
  } satisfies pg.PoolConfig
}

function sessionSettings(role?: string): string {
  const settings = '-c datestyle=ISO -c timezone=UTC -c jit=off'
  return role === undefined ? settings : `${settings} -c role=${role.replace(/[\\\s]/g, '\\$&')}`
}

/** A lost connection is reported to whoever uses it; unwatched, the driver's event would end the process. */
function watchErrors(pool: pg.Pool, log: Log): void {
  pool.on('error', (error) => {
    // While the pool closes, a connection may hear of the server's end before it hears of its own.
    if (!pool.ending) log.warn({ err: error.message }, 'idle database connection lost')
  })
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error.message }, 'database connection lost'))
  })
}

/** How much longer than a statement may run its answer may take, milliseconds. */
const ANSWER_GRACE_MS = 5_000

/**
 * Drops a connection on which nothing went either way for longer than a statement may run, while an answer is
 * awaited: its server is gone without a word, and the operating system would go on sending for a quarter of
 * an hour. The driver's own `query_timeout` also runs on after a COPY, and while a statement waits for those
 * that were sent before it.
 */
function watchSilence(pool: pg.Pool, statementTimeoutMs: number): void {
  if (statementTimeoutMs === 0) return
  pool.on('connect', (client) => {
    const { stream } = connectionOf(client)
    if (!(stream instanceof Socket)) return
    // The callback that it takes would hear of the first silence alone, also of one in which nothing was
    // asked.
    stream.setTimeout(statementTimeoutMs + ANSWER_GRACE_MS)
    stream.on('timeout', () => {
      if (isAwaited(client))
        stream.destroy(new Error('connection terminated: its server has not answered in time'))
    })
  })
}

/** Whether an answer is still to come; the driver's type declarations leave it out. */
function isAwaited(client: pg.ClientBase): boolean {
  return Reflect.get(client, 'readyForQuery') === false
}

async function acquire(
  pool: pg.Pool,
  where: string,
  maxConnections: number,
  signal: AbortSignal | undefined,
): Promise<pg.PoolClient> {
  const waiting = pool.connect()
  try {
    return await (signal ? untilAborted(waiting, signal) : waiting)
  } catch (thrown) {
    if (signal?.aborted) {
      waiting.then((client) => client.release()).catch(() => {})
      throw thrown
    }
    if (/timeout exceeded/.test(toError(thrown).message)) throw noneFree(where, maxConnections, thrown)
    const error = toDatabaseError(thrown, where)
    throw error === thrown ? unavailable(where, thrown) : error
  }
}

function noneFree(where: string, maxConnections: number, cause: unknown): Unavailable {
  return unavailable(
    where,
    cause,
    `none of the ${maxConnections} connections became free, and no new one could be made, in time`,
  )
}

/** Gives the place back with the connection; the pool hands out a new `release` with each use. */
function freeing(leave: () => void, client: pg.PoolClient): pg.PoolClient {
  const { release } = client
  client.release = (failure) => {
    release.call(client, failure)
    leave()
  }
  return client
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(toError(signal.reason))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/**
 * From a connection of its own, and as the owner: the pool may be exhausted exactly when cancelling is
 * needed.
 */
async function cancelStatement(config: pg.PoolConfig, client: pg.PoolClient): Promise<void> {
  const canceler = new pg.Client({ ...config, connectionTimeoutMillis: 2_000 })
  canceler.on('error', () => {})
  try {
    await canceler.connect()
    await canceler.query('select pg_cancel_backend($1)', [processIdOf(client)])
  } finally {
    await canceler.end().catch(() => {})
  }
}

/** The driver keeps the server process's id of each connection; its type declarations leave it out. */
function processIdOf(client: pg.PoolClient): number {
  return Number(Reflect.get(client, 'processID'))
}

function tooManyQueries(): GleanerError {
  return new GleanerError(
    'exhausted',
    'ERROR_TOO_MANY_QUERIES',
    'the query did not begin: others that run now take all the places there are for queries, which leave the rest of the database to collecting. Repeat it later, or narrow those that take long',
    { retryable: true, retryAfterMs: 2_000 },
  )
}
