import { afterAll, expect, test } from 'vitest'
import { placeEvents } from '../../src/events/index.ts'
import type { Database, Transaction } from '../../src/storage/index.ts'
import { givenDomain } from '../inventory/write/support.ts'
import { createTestDatabase } from '../support/database.ts'
import { readAll, tell } from './support.ts'

const { db, drop } = await createTestDatabase({ maxConnections: 20 })
afterAll(drop)

/** A transaction that stays open until `commit` is called. */
async function openTransaction(database: Database) {
  const begun = Promise.withResolvers<Transaction>()
  const end = Promise.withResolvers<void>()
  const done = database.transaction(async (tx) => {
    begun.resolve(tx)
    await end.promise
  })
  return {
    tx: await begun.promise,
    async commit() {
      end.resolve()
      await done
    },
    async rollBack() {
      end.reject(new Error('rolled back by the test'))
      await done.catch(() => {})
    },
  }
}

test('a reader who resumes misses nothing that was written earlier and committed later', async () => {
  const domainId = await givenDomain(db)
  const slow = await openTransaction(db)
  await tell(slow.tx, domainId, 'written first')
  await tell(db, domainId, 'committed first')

  const before = await readAll(db, domainId)
  expect(before.events.map(({ jobId }) => jobId)).toEqual(['committed first'])
  await slow.commit()
  const after = await readAll(db, domainId, { after: before.next })
  expect(after.events.map(({ jobId }) => jobId)).toEqual(['written first'])
})

test('a change that waited for another one is told after it, whichever transaction began first', async () => {
  const domainId = await givenDomain(db)
  const early = await openTransaction(db)
  await early.tx.query('select 1 from domain') // has begun, and has seen the world without the other
  await db.transaction((tx) => tell(tx, domainId, 'cause'))
  await tell(early.tx, domainId, 'effect')
  await early.commit()

  const { events } = await readAll(db, domainId)
  expect(events.map(({ jobId }) => jobId)).toEqual(['cause', 'effect'])
})

test('what was rolled back leaves no gap in the order', async () => {
  const domainId = await givenDomain(db)
  const failing = await openTransaction(db)
  await tell(db, domainId, 'one')
  await tell(failing.tx, domainId, 'never')
  await tell(db, domainId, 'two')
  await failing.rollBack()

  const { events } = await readAll(db, domainId)
  expect(events.map(({ jobId, cursor }) => [jobId, cursor])).toEqual([
    ['one', '1.0'],
    ['two', '2.0'],
  ])
})

test('a reader beside many writers and several that give out places sees each event once, in one order', async () => {
  const domainId = await givenDomain(db)
  const writers = Array.from({ length: 6 }, (_, writer) => writeSome(domainId, writer))
  let areWriting = true
  const written = Promise.all(writers).finally(() => {
    areWriting = false
  })
  const placing = [1, 2, 3].map(async () => {
    while (areWriting) await placeEvents(db, domainId)
  })

  const seen: string[] = []
  let next = { position: 0, item: 0 }
  for (let isLast = false; !isLast; ) {
    isLast = !areWriting
    const found = await readAll(db, domainId, { after: next })
    seen.push(...found.events.map(({ jobId }) => jobId))
    next = found.next
  }
  await Promise.all([written, ...placing])

  const { events } = await readAll(db, domainId)
  expect(seen).toEqual(events.map(({ jobId }) => jobId))
  expect(new Set(seen).size).toBe(6 * 20)
  for (let writer = 0; writer < 6; writer++) {
    const own = seen.filter((jobId) => jobId.startsWith(`${writer}:`))
    expect(own).toEqual(Array.from({ length: 20 }, (_, at) => `${writer}:${at}`))
  }
})

/** Twenty transactions, each with a pause of its own between writing and committing. */
async function writeSome(domainId: string, writer: number): Promise<void> {
  for (let at = 0; at < 20; at++) {
    await db.transaction(async (tx) => {
      await tell(tx, domainId, `${writer}:${at}`)
      for (let turns = (writer * 7 + at * 3) % 5; turns > 0; turns--) await tx.query('select 1')
    })
  }
}
