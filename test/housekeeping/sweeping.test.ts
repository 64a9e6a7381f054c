import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createEventFeed, EVERY_EVENT, placeEvents, readEventHead } from '../../src/events/index.ts'
import { claimDomain, ensureSettings } from '../../src/housekeeping/claim-domain.ts'
import { getSettings, Housekeeper, updateSettings } from '../../src/housekeeping/index.ts'
import { nothingRemoved, sweepDomain } from '../../src/housekeeping/sweep-domain.ts'
import { getCloudService, listChangeHistory } from '../../src/inventory/index.ts'
import { isWithin } from '../../src/inventory/write/remove-old-runs.ts'
import { bucket, closeTask, givenContributor, listBuckets, runOnce } from '../inventory/write/support.ts'
import { openWorkshop, runToEnd, until } from '../jobs/support.ts'
import { keptLog } from '../support/kept-log.ts'
import { silentLog } from '../support/silent-log.ts'
import { createSweep, FOR_EVER } from './support.ts'

const workshop = await openWorkshop()
const { db } = workshop
afterAll(workshop.close)

const now = () => new Date()
const sweep = createSweep(db, now)

async function givenOldEvents(domainId: string, ages: readonly number[]): Promise<void> {
  for (const [at, days] of ages.entries()) {
    await db.query(
      `insert into event (domain_id, type, job_id, created_at) values ($1, 'job.progressed', $2, now() - $3 * interval '1 day')`,
      [domainId, `job-${at}`, days],
    )
  }
}

test('old events go from the beginning of the order, also where nobody ever listened', async () => {
  const domainId = await workshop.givenDomain()
  await givenOldEvents(domainId, [9, 8, 3, 8, 1])
  expect(await sweep(domainId, { eventDays: 7 })).toMatchObject({ events: 2 })
  expect(await readEventHead(db, domainId)).toEqual({ lastPosition: 5, removedPosition: 2 })
  expect(await sweep(domainId, { eventDays: 7 })).toMatchObject({ events: 0 })
})

test('a reader whose place was removed is told to read anew', async () => {
  const domainId = await workshop.givenDomain()
  await givenOldEvents(domainId, [9, 8, 1])
  await placeEvents(db, domainId)
  await sweep(domainId, { eventDays: 7 })
  const deaf = { listen: () => () => {}, close: async () => {} }
  const feed = createEventFeed({ db, notifications: deaf, log: silentLog })
  const signal = new AbortController().signal
  const input = { domainId, cursor: '1.0', filter: EVERY_EVENT, untilNow: true, signal }
  const told: string[] = []
  for await (const item of await feed.watch(input))
    told.push(item.type === 'event' ? item.event.jobId : item.type)
  feed.close()
  expect(told).toEqual(['resync', 'job-2'])
})

test('old jobs go, but a collector keeps its last success and what came after it, and the history keeps its names', async () => {
  let objects = 0
  const collector = await workshop.givenCollector({
    async *collect() {
      objects++
      if (objects === 4) throw new Error('no more')
      yield [bucket({ id: 'a', data: { objects } })]
    },
  })
  const worker = await workshop.givenWorker()
  const jobs: string[] = []
  for (let run = 0; run < 4; run++) {
    const key = await workshop.startJob(collector)
    await runToEnd(db, key)
    jobs.push(key.jobId)
  }
  await worker.stop()
  const { domainId } = collector
  for (const [at, jobId] of jobs.entries())
    await db.query(
      `update job set created_at = now() - $3 * interval '1 day', finished_at = now() - $3 * interval '1 day'
        where domain_id = $1 and job_id = $2`,
      [domainId, jobId, 100 - at],
    )

  expect(await sweep(domainId, { jobDays: 90 })).toMatchObject({ jobs: 2 })
  const left = await db.query<{ jobId: string }>('select job_id from job where domain_id = $1 order by seq', [
    domainId,
  ])
  expect(left.map(({ jobId }) => jobId)).toEqual(jobs.slice(2))
  const history = await listChangeHistory(workshop.context(), { domainId, query: undefined, equals: {} })
  expect(history.rows.map(({ jobId }) => jobId).toSorted()).toEqual(jobs.slice(0, 3).toSorted())
})

test('old runs go where a newer one replaces them, and when something was last seen stays known', async () => {
  const domainId = await workshop.givenDomain()
  const contributor = await givenContributor(db, domainId)
  for (const ids of [['a', 'gone'], ['a'], ['a'], ['a', 'b']]) {
    const { taskSeq } = await runOnce(db, contributor, [ids.map((id) => bucket({ id }))])
    await closeTask(db, contributor, taskSeq)
  }
  await db.query(`update run set finished_at = finished_at - interval '60 days' where domain_id = $1`, [
    domainId,
  ])
  const rows = await listBuckets(db, domainId)
  const views = () =>
    Promise.all(
      rows.map(({ cloudServiceId }) => getCloudService(workshop.context(), { domainId, cloudServiceId })),
    )
  const before = await views()

  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ runs: 2 })
  expect(await views()).toEqual(before)
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ runs: 0 })
})

test('a bitmap is within another when each of its bits is, whatever their lengths', () => {
  expect(isWithin(Uint8Array.of(0b101), Uint8Array.of(0b111, 0b1))).toBe(true)
  expect(isWithin(Uint8Array.of(0b101, 0), Uint8Array.of(0b101))).toBe(true)
  expect(isWithin(Uint8Array.of(0b101, 0b1), Uint8Array.of(0b101))).toBe(false)
  expect(isWithin(Uint8Array.of(0b100), Uint8Array.of(0b011))).toBe(false)
})

test('what is left of the tasks of deleted jobs goes when nothing names it, and not before', async () => {
  const objects = [1, 1, 2, 3]
  const collector = await workshop.givenCollector({
    async *collect() {
      yield [bucket({ id: 'a', data: { objects: objects.shift() ?? 0 } })]
    },
  })
  const worker = await workshop.givenWorker()
  const jobs: string[] = []
  for (let run = 0; run < 4; run++) {
    const key = await workshop.startJob(collector)
    await runToEnd(db, key)
    jobs.push(key.jobId)
  }
  await worker.stop()
  const { domainId } = collector
  const [created, unchanged, changed] = jobs
  const age = (table: string, column: string) =>
    db.query(
      `update ${table} set ${column} = coalesce(${column}, now()) - interval '100 days' where domain_id = $1`,
      [domainId],
    )
  const left = async () => {
    const rows = await db.query<{ jobId: string }>(
      'select job_id from past_task where domain_id = $1 order by seq',
      [domainId],
    )
    return rows.map(({ jobId }) => jobId)
  }
  await age('job', 'created_at')
  await age('job', 'finished_at')
  await sweep(domainId, { jobDays: 90 })

  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ tasks: 0 })
  expect(await left()).toEqual([created, unchanged, changed])
  await age('run', 'finished_at')
  await age('past_task', 'looked_at')
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ runs: 3, tasks: 1 })
  expect(await left()).toEqual([created, changed])
  await age('change_record', 'created_at')
  expect(await sweep(domainId, { runDays: 30, historyDays: 90 })).toMatchObject({ history: 2, tasks: 0 })
  await age('past_task', 'looked_at')
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ tasks: 1 })
  expect(await left()).toEqual([created])
})

test('history is kept unless a domain says otherwise', async () => {
  const domainId = await workshop.givenDomain()
  const contributor = await givenContributor(db, domainId)
  for (const objects of [1, 2, 3]) await runOnce(db, contributor, [[bucket({ id: 'a', data: { objects } })]])
  await db.query(`update change_record set created_at = now() - interval '900 days' where domain_id = $1`, [
    domainId,
  ])
  expect(await sweep(domainId, {})).toMatchObject({ history: 0 })
  expect(await sweep(domainId, { historyDays: 800 })).toMatchObject({ history: 2 })
})

test('who opened a secret is known as long as the domain says, a year unless it says otherwise', async () => {
  const domainId = await workshop.givenDomain()
  for (const days of [400, 366, 364, 10])
    await db.query(
      `insert into secret_opening (domain_id, secret_id, data_version, collector_id, request_id, opened_at)
       values ($1, 'secret-1', 1, 'collector-1', 'req-' || $2::int, now() - $2::int * interval '1 day')`,
      [domainId, days],
    )
  const known = async () => {
    const rows = await db.query<{ requestId: string }>(
      'select request_id from secret_opening where domain_id = $1 order by opened_at',
      [domainId],
    )
    return rows.map(({ requestId }) => requestId)
  }

  expect(await sweep(domainId, {})).toMatchObject({ openings: 0 })
  const { openingDays } = await getSettings(db, domainId)
  expect(await sweep(domainId, { openingDays })).toMatchObject({ openings: 2 })
  expect(await known()).toEqual(['req-364', 'req-10'])
})

test('a domain belongs to one process at a time, and comes again when its settings change', async () => {
  const domainId = await workshop.givenDomain()
  await ensureSettings(db)
  const claims = await Promise.all(Array.from({ length: 30 }, () => claimDomain(db)))
  const claimed = claims.flatMap((claim) => claim?.domainId ?? [])
  expect(new Set(claimed).size).toBe(claimed.length)
  while ((await claimDomain(db)) !== undefined);
  await updateSettings(db, domainId, { eventDays: 2 })
  expect(await claimDomain(db)).toMatchObject({ domainId, eventDays: 2, jobDays: 90 })
})

const WAITING = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

test('two who change different settings at once both have their way', async () => {
  const domainId = await workshop.givenDomain()
  await ensureSettings(db)
  const [changed, committing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = db.transaction(async (tx) => {
    await updateSettings(tx, domainId, { jobDays: 11 })
    changed.resolve()
    await committing.promise
  })
  await changed.promise
  const waiting = updateSettings(db, domainId, { eventDays: 22 })
  await until(async () => (await db.query(WAITING)).length > 0)
  committing.resolve()
  await first
  expect(await waiting).toMatchObject({ jobDays: 11, eventDays: 22 })
  expect(await getSettings(db, domainId)).toEqual(await waiting)
})

test('what a sweep removed before it was interrupted is counted', async () => {
  const domainId = await workshop.givenDomain()
  await givenOldEvents(domainId, [9, 8, 1])
  const removed = nothingRemoved()
  const interrupt = () => Promise.reject(new Error('time to stop'))
  const domain = { domainId, ...FOR_EVER, eventDays: 7 }
  await expect(sweepDomain({ db, log: silentLog, now, pause: interrupt }, domain, removed)).rejects.toThrow(
    'time to stop',
  )
  expect(removed).toMatchObject({ events: 2 })
})

test('what cannot be removed is logged, and keeps nothing else of the domain', async () => {
  const domainId = await workshop.givenDomain()
  await givenOldEvents(domainId, [9])
  const contributor = await givenContributor(db, domainId)
  for (const objects of [1, 2]) await runOnce(db, contributor, [[bucket({ id: 'a', data: { objects } })]])
  await db.query(`update change_record set created_at = now() - interval '900 days' where domain_id = $1`, [
    domainId,
  ])
  await db.query(
    `create function keep_events() returns trigger language plpgsql as
       $$ begin if old.domain_id = '${domainId}' then raise exception 'not this one'; end if; return old; end $$`,
  )
  await db.query(
    'create trigger keep_events before delete on event for each row execute function keep_events()',
  )
  onTestFinished(() => void db.query('drop function keep_events cascade'))
  const { logged, log } = keptLog()

  const removed = nothingRemoved()
  const domain = { domainId, ...FOR_EVER, eventDays: 7, historyDays: 800 }
  await sweepDomain({ db, log, now, pause: async () => {} }, domain, removed)

  expect(removed).toMatchObject({ events: 0, history: 1 })
  expect(logged).toEqual([expect.stringContaining('"kind":"events"')])
})

test('a housekeeper finds what is due by itself, also in domains that never set anything', async () => {
  const domainId = await workshop.givenDomain()
  await givenOldEvents(domainId, [9, 1])
  const keeper = new Housekeeper({ db, log: silentLog, now }, { lookEveryMs: 20, pauseMs: 0 })
  keeper.start()
  await until(async () => (await readEventHead(db, domainId)).removedPosition === 1)
  await keeper.stop()
  expect(keeper.removed().events).toBeGreaterThan(0)
})
