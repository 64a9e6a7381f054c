import type pg from 'pg'

/**
 * Sends statements in one piece, and waits for the answers to all of them. `ask` calls the driver before it
 * returns, and its promise never fails. The server runs them one after the other as if each had been sent
 * alone: after one that fails in a transaction, the others fail as well.
 */
export async function sendTogether(
  client: pg.ClientBase,
  asks: readonly (() => Promise<void>)[],
): Promise<void> {
  if (asks.length === 1) {
    await asks[0]?.()
    return
  }
  const { stream } = connectionOf(client)
  setPipelining(client, true)
  stream.cork()
  const answers = asks.map((ask) => ask())
  stream.uncork()
  await Promise.all(answers)
  setPipelining(client, false)
}

/**
 * The driver's option for a whole connection, which then takes no COPY; it is asked for at every statement.
 */
function setPipelining(client: pg.ClientBase, value: boolean): void {
  Reflect.set(client, 'pipeline', value)
}

/** The type declarations of the driver leave it out. */
export function connectionOf(client: pg.ClientBase): pg.Connection {
  return Reflect.get(client, 'connection')
}
