import type pg from 'pg'
import { GleanerError, toError, Unavailable } from '../core/errors.ts'
import { inSpanOfTrace } from '../core/trace.ts'
import { canceled, listenForAbort } from './abort-transaction.ts'
import type { Connections } from './connections.ts'
import type { Transaction, TransactionOptions } from './database.ts'
import { isConnectionLoss, isLastWord, sqlState, TROUBLES, troubleOf } from './database-errors.ts'
import { type Effect, OpenTransaction } from './open-transaction.ts'

const TRANSACTION_SPAN = { name: 'transaction', attributes: { 'db.system.name': 'postgresql' } }

/** Opens a transaction on a connection of its own, commits what `run` returns, rolls back what it throws. */
export async function runTransaction<T>(
  connections: Connections,
  run: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const leave = options.isCallersQuery ? await takePlace(connections, options.signal) : undefined
  try {
    const { result, effects } = await inSpanOfTrace(TRANSACTION_SPAN, () =>
      commitOrRollBack(connections, run, options),
    )
    await runEffects(connections, effects)
    return result
  } finally {
    leave?.()
  }
}

async function takePlace(connections: Connections, signal: AbortSignal | undefined): Promise<() => void> {
  return connections.takeQueryPlace(signal).catch((thrown: unknown) => {
    throw signal?.aborted ? canceled(signal) : thrown
  })
}

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
    throw signal?.aborted ? canceled(signal) : failureOf(connections, thrown, options)
  } finally {
    client.release(!isReusable)
  }
}

/** To write in a transaction that only reads is our mistake, and says nothing of the database. */
function failureOf(connections: Connections, thrown: unknown, { readOnly }: TransactionOptions): Error {
  return readOnly && sqlState(thrown) === '25006' ? toError(thrown) : connections.toError(thrown)
}

function beginText({ readOnly, isSnapshot, statementTimeoutMs }: TransactionOptions): string {
  const isolation = isSnapshot ? 'repeatable read' : 'read committed'
  // A database that was made read-only by its default stays so: nobody here says `read write`.
  const begin = `begin isolation level ${isolation}${readOnly ? ' read only' : ''}`
  if (statementTimeoutMs === undefined) return begin
  return `${begin}; set local statement_timeout = ${Math.ceil(Math.max(0, statementTimeoutMs))}`
}

/**
 * PostgreSQL answers a commit after a failed statement with ROLLBACK and no error; a swallowed failure must
 * not look written.
 */
async function commit(client: pg.ClientBase): Promise<void> {
  const answer = await client.query('commit').catch((thrown: unknown) => {
    throw isConnectionLoss(thrown) || isLastWord(thrown) ? commitInDoubt(thrown) : thrown
  })
  if (answer.command === 'COMMIT') return
  throw new GleanerError(
    'internal',
    'ERROR_TRANSACTION_FAILED',
    'the transaction was rolled back at its end, because one of its statements had failed and the failure was ignored; nothing of it was written',
  )
}

/** What becomes of it is decided when the server has recovered: its log may hold the commit or not. */
function commitInDoubt(cause: unknown): Unavailable {
  const trouble = troubleOf(cause)
  const { code, why } =
    trouble === undefined
      ? { code: 'ERROR_DATABASE_UNAVAILABLE', why: '' }
      : { code: TROUBLES[trouble].code, why: `, and it ${TROUBLES[trouble].says}` }
  return new Unavailable(
    code,
    `the connection to the database was lost during a commit${why}: the transaction is written either wholly or not at all. Look before repeating it, unless it is safe to run twice`,
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
