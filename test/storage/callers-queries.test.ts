import { afterAll, expect, it } from 'vitest'
import { GleanerError } from '../../src/core/errors.ts'
import { createDatabase } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { patiently } from '../support/patiently.ts'
import { silentLog } from '../support/silent-log.ts'

const test = await createTestDatabase()
afterAll(test.drop)
await test.db.query('create table thing (id integer primary key)')

const open = (acquireTimeoutMs = 60_000) =>
  createDatabase({ connection: test.connection, log: silentLog, maxConnections: 4, acquireTimeoutMs })
const ASKED = { readOnly: true, isCallersQuery: true } as const

it('keeps connections free for writing, however many queries run and however long they take', async () => {
  const db = open()
  const held = holdQueries()
  const queries = Array.from({ length: 12 }, () => db.transaction(held.query, ASKED))
  await held.begun(2)

  await Promise.all(
    [1, 2, 3, 4].map((id) => db.transaction((tx) => tx.query('insert into thing values ($1)', [id]))),
  )
  expect(held.count()).toBe(2)

  held.release()
  await Promise.all(queries)
  expect(held.count()).toBe(12)
  await db.close()
})

it('lets writers change the rows that a query is reading', async () => {
  const db = open()
  const held = holdQueries()
  const query = db.transaction(async (tx) => {
    await tx.query('select * from thing')
    await held.query()
  }, ASKED)
  await held.begun(1)
  await db.transaction((tx) => tx.query('update thing set id = id + 10'))
  held.release()
  await query
  await db.close()
})

it('tells a query that waited too long for its place to come back later', async () => {
  await patiently(500, async (acquireTimeoutMs) => {
    const db = open(acquireTimeoutMs)
    const held = holdQueries()
    const queries = Promise.all([1, 2].map(() => db.transaction(held.query, ASKED)))
    await Promise.race([held.begun(2), queries])
    const third = await db.transaction(held.query, ASKED).catch((error: unknown) => error)
    held.release()
    await queries.finally(db.close)
    expect(third).toBeInstanceOf(GleanerError)
    expect(third).toMatchObject({ kind: 'exhausted', code: 'ERROR_TOO_MANY_QUERIES', retryable: true })
  })
})

it('frees the place of a query that failed, and of one whose caller left while it waited', async () => {
  const db = open()
  const failing = Array.from({ length: 6 }, () =>
    db.transaction(() => Promise.reject(new Error('failed')), ASKED).catch(() => {}),
  )
  await Promise.all(failing)

  const held = holdQueries()
  const queries = [1, 2].map(() => db.transaction(held.query, ASKED))
  await held.begun(2)
  const caller = new AbortController()
  const waiting = db.transaction(held.query, { ...ASKED, signal: caller.signal })
  caller.abort()
  await expect(waiting).rejects.toMatchObject({ kind: 'canceled' })
  const next = db.transaction(held.query, ASKED)
  held.release()
  await Promise.all([...queries, next])
  expect(held.count()).toBe(3)
  await db.close()
})

/** Queries that stay open until they are released. */
function holdQueries() {
  let count = 0
  const released = Promise.withResolvers<void>()
  const onBegin = new Set<() => void>()
  return {
    async query(): Promise<void> {
      count++
      for (const look of onBegin) look()
      await released.promise
    },
    begun: (wanted: number) =>
      new Promise<void>((resolve) => {
        const look = () => (count >= wanted ? resolve() : undefined)
        onBegin.add(look)
        look()
      }),
    count: () => count,
    release: () => released.resolve(),
  }
}
