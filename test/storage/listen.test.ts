import { afterAll, expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const { db, connection, drop } = await createTestDatabase()
afterAll(drop)

test('a listener hears what others send, and hears again after its connection was cut', async () => {
  const heard: string[] = []
  const listener = await listen({
    connection,
    log: silentLog,
    channel: 'some_channel',
    onNotice: (payload) => heard.push(payload),
    retryAfterMs: 10,
  })
  onTestFinished(() => listener.close())

  await untilHeard(heard, 'first')
  await db.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gleaner listener' and datname = current_database()",
  )
  await untilHeard(heard, 'second')

  expect(heard.filter((payload) => payload === 'first')).not.toEqual([])
})

/** Sends until it is heard: what is sent while nobody is connected is lost. */
async function untilHeard(heard: readonly string[], payload: string): Promise<void> {
  while (!heard.includes(payload)) {
    await db.query('select pg_notify($1, $2)', ['some_channel', payload])
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
