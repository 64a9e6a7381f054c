import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createEventFeed, EVERY_EVENT, type FeedItem, type FeedSettings } from '../../src/events/index.ts'
import { createNotifications, type Notifications } from '../../src/storage/index.ts'
import { givenDomain } from '../inventory/write/support.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'
import { tell } from './support.ts'

const { db, connection, drop } = await createTestDatabase({ maxConnections: 10 })
const notifications = createNotifications({ connection, log: silentLog })
afterAll(async () => {
  await notifications.close()
  await drop()
})

/** Hears nothing, like a process whose listening connection is lost. */
const deaf: Notifications = { listen: () => () => {}, close: async () => {} }

function givenFeed(settings: Partial<FeedSettings> = {}, heard: Notifications = notifications) {
  const feed = createEventFeed({ db, notifications: heard, log: silentLog }, settings)
  onTestFinished(() => feed.close())
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  return {
    async watch(domainId: string, cursor = '') {
      const items = await feed.watch({ domainId, cursor, filter: EVERY_EVENT, signal: stop.signal })
      return items[Symbol.asyncIterator]()
    },
    stop: () => stop.abort(),
  }
}

async function take(items: AsyncIterator<FeedItem>, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const { value, done } = await items.next()
    if (done) throw new Error(`the stream ended after ${taken.join(', ')}`)
    taken.push(nameOf(value))
  }
  return taken
}

function nameOf(item: FeedItem): string {
  return item.type === 'event' ? item.event.jobId : `${item.type} ${item.cursor}`
}

async function remove(domainId: string, upTo: number): Promise<void> {
  await db.query('delete from event where domain_id = $1 and position <= $2', [domainId, upTo])
  await db.query('update event_head set removed_position = $2 where domain_id = $1', [domainId, upTo])
}

test('a reader without a cursor hears what happens from now on, and is woken by it', async () => {
  const domainId = await givenDomain(db)
  await tell(db, domainId, 'before')
  const items = await givenFeed({ lookEveryMs: 3_600_000 }).watch(domainId)
  const next = take(items, 2)
  await tell(db, domainId, 'first')
  await tell(db, domainId, 'second')
  expect(await next).toEqual(['first', 'second'])
})

test('notifications that are lost only delay', async () => {
  const domainId = await givenDomain(db)
  const items = await givenFeed({ lookEveryMs: 20 }, deaf).watch(domainId)
  const next = take(items, 1)
  await tell(db, domainId, 'unheard')
  expect(await next).toEqual(['unheard'])
})

test('a listening connection that is cut is opened again', async () => {
  const domainId = await givenDomain(db)
  const items = await givenFeed({ lookEveryMs: 3_600_000 }).watch(domainId)
  const first = take(items, 1)
  await tell(db, domainId, 'before the cut')
  expect(await first).toEqual(['before the cut'])
  const second = take(items, 1)
  await db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'gleaner notifications'`,
  )
  await tell(db, domainId, 'after the cut')
  expect(await second).toEqual(['after the cut'])
})

test('a reader who comes back with its last cursor goes on with the next event', async () => {
  const domainId = await givenDomain(db)
  for (const name of ['one', 'two', 'three']) await tell(db, domainId, name)
  const feed = givenFeed()
  expect(await take(await feed.watch(domainId, '0'), 3)).toEqual(['one', 'two', 'three'])
  expect(await take(await feed.watch(domainId, '1.0'), 2)).toEqual(['two', 'three'])
})

test('domains hear only of themselves', async () => {
  const domainId = await givenDomain(db)
  const other = await givenDomain(db)
  const feed = givenFeed()
  const own = take(await feed.watch(domainId), 1)
  await tell(db, other, 'of another domain')
  await tell(db, domainId, 'own')
  expect(await own).toEqual(['own'])
})

test('a reader whose next events were removed is told so, and goes on with what is kept', async () => {
  const domainId = await givenDomain(db)
  for (const name of ['one', 'two', 'three', 'four']) await tell(db, domainId, name)
  const feed = givenFeed()
  const live = await feed.watch(domainId, '0')
  expect(await take(live, 4)).toEqual(['one', 'two', 'three', 'four'])
  await remove(domainId, 3)

  expect(await take(await feed.watch(domainId, '1.0'), 2)).toEqual(['resync 3.0', 'four'])
  expect(await take(await feed.watch(domainId, '3.0'), 1)).toEqual(['four'])
  expect(await take(await feed.watch(domainId, '0'), 1)).toEqual(['four'])
  expect(await take(await feed.watch(domainId, '900.0'), 1)).toEqual(['resync 4.0'])
})

test('events removed before a connected reader came to them are a resync too', async () => {
  const domainId = await givenDomain(db)
  const feed = givenFeed({ lookEveryMs: 20 }, deaf)
  await tell(db, domainId, 'one')
  const items = await feed.watch(domainId, '0')
  expect(await take(items, 1)).toEqual(['one'])
  // It has not asked for more since; now all it missed goes.
  for (const name of ['two', 'three']) await tell(db, domainId, name)
  const other = await feed.watch(domainId, '0')
  expect(await take(other, 3)).toEqual(['one', 'two', 'three'])
  await remove(domainId, 2)
  expect(await take(items, 2)).toEqual(['resync 2.0', 'three'])
})

test('silence is told with a place to come back to', async () => {
  const domainId = await givenDomain(db)
  await tell(db, domainId, 'one')
  const items = await givenFeed({ heartbeatMs: 10 }).watch(domainId)
  expect(await take(items, 2)).toEqual(['heartbeat 1.0', 'heartbeat 1.0'])
})

test('a stream ends with its signal, also while it waits', async () => {
  const domainId = await givenDomain(db)
  const feed = givenFeed()
  const items = await feed.watch(domainId)
  const next = items.next()
  feed.stop()
  expect(await next).toEqual({ done: true, value: undefined })
})

test('who leaves before the first item is not served any further', async () => {
  const [domainId, other] = [await givenDomain(db), await givenDomain(db)]
  const feed = givenFeed({ spacingMs: 20, lookEveryMs: 3_600_000 })
  await feed.watch(domainId)
  const items = await feed.watch(other)
  const first = take(items, 1)
  await tell(db, domainId, 'to nobody')
  for (const name of ['one', 'two', 'three']) await tell(db, other, name)
  await first
  for (const name of ['two', 'three']) expect(await take(items, 1)).toEqual([name])
  expect(await db.query('select job_id, position from event where domain_id = $1', [domainId])).toEqual([
    { jobId: 'to nobody', position: null },
  ])
})

test('what happens between the answer and the first item is told', async () => {
  const domainId = await givenDomain(db)
  const items = await givenFeed({ lookEveryMs: 3_600_000 }).watch(domainId)
  await tell(db, domainId, 'meanwhile')
  expect(await take(items, 1)).toEqual(['meanwhile'])
})

test('a cursor that is none is refused', async () => {
  const domainId = await givenDomain(db)
  await expect(givenFeed().watch(domainId, 'yesterday')).rejects.toMatchObject({ kind: 'invalid' })
})
