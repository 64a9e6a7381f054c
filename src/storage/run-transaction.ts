import type pg from 'pg'
import { GleanerError, toError, Unavailable } from '../core/errors.ts'
import type { QueryOptions, Transaction, TransactionOptions } from './database.ts'
import { isConnectionLoss } from './database-errors.ts'
import type { Connections } from './postgres-database.ts'
import { runStatement } from './run-statement.ts'

/** How long an abort waits for the server to stop the statement before the connection is dropped. */
const CANCEL_GRACE_MS = 2_000

/** Opens a transaction on a connection of its own, commits what `run` returns, rolls back what it throws. */
export async function runTransaction<T>(
  connections: Connections,
  run: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { result, effects } = await commitOrRollBack(connections, run, options)
  await runEffects(connections, effects)
  return result
}

type Effect = () => void | Promise<void>

/** Gives the connection back before effects run: an effect may want one, and the pool may have no other. */
async function commitOrRollBack<T>(
  connections: Connections,
  run: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<{ result: T; effects: readonly Effect[] }> {
  const { signal } = options
  if (signal?.aborted) throw canceled(signal)
  const client = await connections.acquire(signal).catch((thrown: unknown) => {
    throw signal?.aborted ? canceled(signal) : thrown
  })
  const open = new OpenTransaction(client)
  const stopListening = listenForAbort(connections, client, open, signal)
  let isReusable = false
  try {
    await client.query(beginText(options))
    const result = await run(open)
    await open.finish()
    if (signal?.aborted) throw canceled(signal)
    stopListening()
    await commit(client)
    isReusable = true
    return { result, effects: open.effects }
  } catch (thrown) {
    await open.finish()
    stopListening()
    isReusable = !signal?.aborted && !isConnectionLoss(thrown) && (await rollback(client))
    throw signal?.aborted ? canceled(signal) : connections.toError(thrown)
  } finally {
    client.release(!isReusable)
  }
}

/**
 * One statement at a time, in the order of the calls. Once the callback has ended or the signal has fired,
 * no further statement reaches the connection, which may belong to somebody else by then.
 */
class OpenTransaction implements Transaction {
  readonly effects: Effect[] = []
  readonly #client: pg.ClientBase
  #last: Promise<unknown> = Promise.resolve()
  #ended: Error | undefined

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  query<Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) {
    const rows = this.#last.then(() => {
      if (this.#ended) throw this.#ended
      return runStatement<Row>(this.#client, text, params, options)
    })
    this.#last = rows.catch(() => {})
    return rows
  }

  afterCommit(effect: Effect): void {
    this.effects.push(effect)
  }

  /** Lets no further statement in and waits for the one that runs. */
  async finish(): Promise<void> {
    this.end(new Error('the transaction has ended; a statement came after its callback returned'))
    await this.#last
  }

  end(reason: Error): void {
    this.#ended ??= reason
  }
}

function listenForAbort(
  connections: Connections,
  client: pg.PoolClient,
  open: OpenTransaction,
  signal: AbortSignal | undefined,
): () => void {
  if (!signal) return () => {}
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    open.end(canceled(signal))
    timer = setTimeout(() => dropConnection(client), CANCEL_GRACE_MS)
    connections.cancel(client).catch((error: unknown) => {
      connections.log.debug({ err: toError(error).message }, 'statement could not be canceled')
    })
  }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return () => {
    signal.removeEventListener('abort', onAbort)
    clearTimeout(timer)
  }
}

/** The driver's stream is the last resort where the server does not react; its statement then fails at once. */
function dropConnection(client: pg.PoolClient): void {
  const stream: unknown = Reflect.get(Reflect.get(client, 'connection') ?? {}, 'stream')
  if (stream instanceof Object && 'destroy' in stream && typeof stream.destroy === 'function') {
    stream.destroy(new Error('connection terminated by an abort'))
  }
}

function beginText({ readOnly, statementTimeoutMs }: TransactionOptions): string {
  const begin = `begin isolation level read committed ${readOnly ? 'read only' : 'read write'}`
  if (statementTimeoutMs === undefined) return begin
  return `${begin}; set local statement_timeout = ${Math.ceil(Math.max(0, statementTimeoutMs))}`
}

/** PostgreSQL answers a commit after a failed statement with ROLLBACK and no error; a swallowed failure must not look written. */
async function commit(client: pg.ClientBase): Promise<void> {
  const answer = await client.query('commit').catch((thrown: unknown) => {
    throw isConnectionLoss(thrown) ? commitInDoubt(thrown) : thrown
  })
  if (answer.command === 'COMMIT') return
  throw new GleanerError(
    'internal',
    'ERROR_TRANSACTION_FAILED',
    'the transaction was rolled back at its end, because one of its statements had failed and the failure was ignored; nothing of it was written',
  )
}

function commitInDoubt(cause: unknown): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    'the connection to the database was lost during a commit: the transaction is written either wholly or not at all. Look before repeating it, unless it is safe to run twice',
    { cause },
  )
}

async function rollback(client: pg.ClientBase): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  )
}

async function runEffects(connections: Connections, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    try {
      await effect()
    } catch (thrown) {
      connections.log.error({ err: toError(thrown).message }, 'effect after a commit failed')
    }
  }
}

function canceled(signal: AbortSignal): Error {
  if (signal.reason instanceof GleanerError) return signal.reason
  return new GleanerError(
    'canceled',
    'ERROR_CANCELED',
    'the request was canceled; nothing of its transaction was written',
    {
      cause: signal.reason,
    },
  )
}
