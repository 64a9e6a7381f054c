import { afterAll, expect, it } from 'vitest'
import { createDatabase } from '../../src/storage/index.ts'
import { createPlaces } from '../../src/storage/places.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const test = await createTestDatabase()
afterAll(test.drop)

const given = (count: number) =>
  createPlaces({ count, waitMs: 600_000, refusal: () => new Error('no place became free') })

/**
 * Has these owners wait for a place in this order, and tells in which they get one when each holds it for one
 * turn.
 */
async function orderOf(count: number, owners: readonly string[]): Promise<string[]> {
  const places = given(count)
  const order: string[] = []
  await Promise.all(
    owners.map(async (owner) => {
      const leave = await places.take(owner)
      order.push(owner)
      await new Promise(setImmediate)
      leave()
    }),
  )
  return order
}

it('gives places in the order in which one owner asked, and to owners in turn', async () => {
  expect((await orderOf(1, [...'aaaaaa', ...'bb', 'c'])).join('')).toBe('aabcabaaa')
})

it('gives a place that becomes free to the owner that holds fewest', async () => {
  const places = given(3)
  const [first] = await Promise.all([places.take('a'), places.take('a'), places.take('b')])
  const order: string[] = []
  const gone = new AbortController()
  const waiting = ['a', 'b', 'c'].map((owner) =>
    places.take(owner, gone.signal).then(() => order.push(owner)),
  )
  first()
  await Promise.race(waiting)
  expect(order).toEqual(['c'])
  gone.abort(new Error('left'))
  await Promise.allSettled(waiting)
})

it('forgets who stopped waiting', async () => {
  const places = given(1)
  const leave = await places.take('a')
  const gone = new AbortController()
  const waiting = places.take('b', gone.signal)
  gone.abort(new Error('left'))
  await expect(waiting).rejects.toThrow('left')
  const next = places.take('a')
  leave()
  leave()
  await next
  expect([places.free(), places.waiting()]).toEqual([0, 0])
})

it('lets no domain wait for a connection behind all that another asks for', async () => {
  const db = createDatabase({ connection: test.connection, log: silentLog, maxConnections: 2 })
  const order: string[] = []
  const ask = (domainId: string) =>
    db.boundTo(domainId).transaction(async (tx) => {
      order.push(domainId)
      await tx.query('select 1')
    })
  const flood = Array.from({ length: 100 }, () => ask('flooding'))
  const others = Array.from({ length: 5 }, () => ask('other'))
  await Promise.all([...flood, ...others])
  expect(order.lastIndexOf('other')).toBeLessThan(20)

  expect(db.poolUse()).toMatchObject({ inUse: 0, waiting: 0 })
  await db.close()
})
