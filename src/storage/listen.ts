import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { toError } from '../core/errors.ts'
import { type Connection, KEEP_ALIVE } from './connection.ts'
import type { Log } from './log.ts'

/** Hears the notices (NOTIFY) of one channel. */
export type Listener = {
  /** Ends listening and closes its connection. */
  close(): Promise<void>
}

export type ListenOptions = {
  readonly connection: Connection
  readonly log: Log
  readonly channel: string
  readonly onNotice: (payload: string) => void
  /** Pause before a lost connection is made again, milliseconds. Default 500. */
  readonly retryAfterMs?: number
}

/**
 * Listens on a connection of its own, and connects again for as long as it is wanted. Notices of the time
 * without a connection are lost: whoever listens needs another way to learn the same, only later. Resolves at
 * the first attempt to connect, whether it succeeded or not.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { log, channel, retryAfterMs = 500 } = options
  const closing = new AbortController()
  let current: pg.Client | undefined

  async function connect(): Promise<pg.Client | undefined> {
    const client = new pg.Client({
      ...options.connection,
      application_name: 'gleaner listener',
      connectionTimeoutMillis: 5_000,
      ...KEEP_ALIVE,
    })
    client.on('error', (error) => log.warn({ channel, err: error.message }, 'listening connection lost'))
    client.on('notification', ({ payload = '' }) => options.onNotice(payload))
    try {
      await client.connect()
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
      return client
    } catch (thrown) {
      log.warn({ channel, err: toError(thrown).message }, 'cannot listen, trying again')
      await client.end().catch(() => {})
      return undefined
    }
  }

  async function keepConnected(first: pg.Client | undefined): Promise<void> {
    current = first
    while (!closing.signal.aborted) {
      if (current !== undefined) await untilEnd(current, closing.signal)
      if (closing.signal.aborted) return
      await sleep(retryAfterMs, undefined, { signal: closing.signal }).catch(() => {})
      current = closing.signal.aborted ? undefined : await connect()
    }
  }

  const kept = keepConnected(await connect())
  return {
    async close() {
      closing.abort()
      await kept
      await current?.end().catch(() => {})
    },
  }
}

function untilEnd(client: pg.Client, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', resolve)
    closing.addEventListener('abort', () => resolve(), { once: true })
  })
}
