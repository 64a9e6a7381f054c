import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { toError } from '../core/errors.ts'
import { CONNECT_WITHIN_MS, type Connection, KEEP_ALIVE } from './connection.ts'
import type { Log } from './log.ts'

/** What PostgreSQL's NOTIFY brings. Nothing is promised: who must not miss anything looks by itself, too. */
export type Notifications = {
  /**
   * Calls `heard` with each payload, and with '' when some may have been missed. Returns the function that
   * ends it.
   */
  listen(channel: string, onPayload: (payload: string) => void): () => void
  close(): Promise<void>
}

const RECONNECT_AFTER_MS = 1_000

/** One connection that listens, opened with the first listener and opened again whenever it is lost. */
export function createNotifications({
  connection,
  log,
}: {
  connection: Connection
  log: Log
}): Notifications {
  const listeners = new Map<string, Set<(payload: string) => void>>()
  const closed = new AbortController()
  let client: pg.Client | undefined
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    while (!closed.signal.aborted) {
      await listenUntilLost().catch((thrown: unknown) => {
        if (!closed.signal.aborted)
          log.warn(
            { err: toError(thrown).message },
            'notifications of the database are not heard; trying again',
          )
      })
      await sleep(RECONNECT_AFTER_MS, undefined, { signal: closed.signal, ref: false }).catch(() => {})
    }
  }

  async function listenUntilLost(): Promise<void> {
    const lost = Promise.withResolvers<void>()
    client = new pg.Client({
      ...connection,
      application_name: 'gleaner notifications',
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      ...KEEP_ALIVE,
    })
    client.on('error', lost.reject)
    client.on('end', lost.resolve)
    client.on('notification', ({ channel, payload }) => notify(channel, payload ?? ''))
    try {
      await client.connect()
      for (const channel of listeners.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
      for (const channel of listeners.keys()) notify(channel, '')
      await lost.promise
    } finally {
      lost.promise.catch(() => {})
      await client.end().catch(() => {})
      client = undefined
    }
  }

  function notify(channel: string, payload: string): void {
    for (const onPayload of listeners.get(channel) ?? []) onPayload(payload)
  }

  return {
    listen(channel, onPayload) {
      const known = listeners.get(channel)
      if (known === undefined) {
        listeners.set(channel, new Set([onPayload]))
        // A connection that is being made listens to all there are when it is ready.
        client?.query(`listen ${pg.escapeIdentifier(channel)}`).catch(() => {})
      } else known.add(onPayload)
      working ??= work()
      return () => listeners.get(channel)?.delete(onPayload)
    },
    async close() {
      closed.abort()
      await client?.end().catch(() => {})
      await working
    },
  }
}
