import type pg from 'pg'
import { GleanerError, toError } from '../core/errors.ts'
import type { Connections } from './connections.ts'
import type { OpenTransaction } from './open-transaction.ts'

/** How long an abort waits for the server to stop the statement before the connection is dropped. */
const CANCEL_GRACE_MS = 2_000

/**
 * Stops the running statement when the signal fires, and lets no further one in; returns the end of
 * listening.
 */
export function listenForAbort(
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

/**
 * The driver's stream is the last resort where the server does not react; its statement then fails at once.
 */
function dropConnection(client: pg.PoolClient): void {
  const stream: unknown = Reflect.get(Reflect.get(client, 'connection') ?? {}, 'stream')
  if (stream instanceof Object && 'destroy' in stream && typeof stream.destroy === 'function') {
    stream.destroy(new Error('connection terminated by an abort'))
  }
}

/** What an aborted transaction throws: the signal's reason, if it is one of our errors. */
export function canceled(signal: AbortSignal): Error {
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
