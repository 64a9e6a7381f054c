import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createEventFeed, EVERY_EVENT, type FeedItem, type Reader } from '../../src/events/index.ts'
import type { Notifications } from '../../src/storage/index.ts'
import { givenDomain } from '../inventory/write/support.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const deaf: Notifications = { listen: () => () => {}, close: async () => {} }

const ofProject = (domainId: string): Reader => ({
  db: db.boundTo(domainId, ['project-own']),
  sight: `${domainId} project-own`,
  seesAll: false,
})

/** What a reader is told of all that has happened: jobs by their id, the rest by its type and place. */
async function toldTo(reader: Reader, domainId: string, cursor = '0'): Promise<string[]> {
  const feed = createEventFeed({ db, notifications: deaf, log: silentLog })
  onTestFinished(() => feed.close())
  const { signal } = new AbortController()
  const input = { domainId, cursor, filter: EVERY_EVENT, reader, untilNow: true, signal }
  const told: string[] = []
  for await (const item of await feed.watch(input)) told.push(nameOf(item))
  return told
}

function nameOf(item: FeedItem): string {
  return item.type === 'event' ? item.event.jobId : `${item.type} ${item.cursor}`
}

/** A job tells of itself that it was created. */
async function addJob(domainId: string, jobId: string, projectId: string): Promise<void> {
  await db.query(
    `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks, remained_tasks,
       project_id, created_at, updated_at)
     values ($1, $2, 'collector-1', '{}', 'SUCCESS', 'ALL', 1, 0, $3, now(), now())`,
    [domainId, jobId, projectId],
  )
}

test('a key of projects hears of their jobs alone, and takes what it does not hear for no gap', async () => {
  const domainId = await givenDomain(db)
  await addJob(domainId, 'foreign-1', 'project-foreign')
  await addJob(domainId, 'own-1', 'project-own')
  await addJob(domainId, 'foreign-2', 'project-foreign')
  await addJob(domainId, 'own-2', 'project-own')
  await addJob(domainId, 'foreign-3', '')
  expect(await toldTo(ofProject(domainId), domainId)).toEqual(['own-1', 'own-2'])
  expect(await toldTo(ofProject(domainId), domainId, '2.0')).toEqual(['own-2'])
})

test('it is told that events are gone, where they are', async () => {
  const domainId = await givenDomain(db)
  await addJob(domainId, 'own-1', 'project-own')
  await addJob(domainId, 'foreign-1', 'project-foreign')
  await addJob(domainId, 'own-2', 'project-own')
  expect(await toldTo(ofProject(domainId), domainId)).toHaveLength(2)
  await db.query('delete from event where domain_id = $1 and position = 1', [domainId])
  await db.query('update event_head set removed_position = 1 where domain_id = $1', [domainId])
  expect(await toldTo(ofProject(domainId), domainId, '1.0')).toEqual(['own-2'])
  expect(await toldTo(ofProject(domainId), domainId, '0')).toEqual(['own-2'])
})

test('readers who stand at the same place are told each its own', async () => {
  const domainId = await givenDomain(db)
  await addJob(domainId, 'own-1', 'project-own')
  await addJob(domainId, 'foreign-1', 'project-foreign')
  const feed = createEventFeed({ db, notifications: deaf, log: silentLog })
  onTestFinished(() => feed.close())
  const all: Reader = { db: db.boundTo(domainId), sight: domainId, seesAll: true }
  const told = await Promise.all(
    [all, ofProject(domainId), all].map(async (reader) => {
      const { signal } = new AbortController()
      const input = { domainId, cursor: '0', filter: EVERY_EVENT, reader, untilNow: true, signal }
      const items: string[] = []
      for await (const item of await feed.watch(input)) items.push(nameOf(item))
      return items
    }),
  )
  expect(told).toEqual([['own-1', 'foreign-1'], ['own-1'], ['own-1', 'foreign-1']])
})

test('a domain that a reader does not see is one that is not there', async () => {
  const [own, foreign] = [await givenDomain(db), await givenDomain(db)]
  const reader: Reader = { db: db.boundTo(own), sight: own, seesAll: true }
  await expect(toldTo(reader, foreign)).rejects.toMatchObject({ kind: 'not_found' })
})
