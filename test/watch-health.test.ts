import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { Worker } from '../src/jobs/index.ts'
import type { Scheduler } from '../src/schedules/index.ts'
import { createHealth } from '../src/server/index.ts'
import { createDatabase } from '../src/storage/index.ts'
import { watchHealth } from '../src/watch-health.ts'
import { openWorkshop } from './jobs/support.ts'
import { silentLog } from './support/silent-log.ts'

const workshop = await openWorkshop()
const { db, connection } = workshop
afterAll(workshop.close)

const now = () => new Date()

/** What `/check` would say after one look. */
async function check(options: Partial<Parameters<typeof watchHealth>[0]> = {}) {
  const health = createHealth()
  const parts = { worker: undefined, scheduler: undefined }
  const watch = watchHealth({ db, health, ...parts, now, answerWithinMs: 60_000, ...options })
  onTestFinished(() => watch.stop())
  await watch.look()
  return health.current()
}

/** A part that last looked for work this long ago. */
function lookedAgo(ms: number): Scheduler & Worker {
  return { progress: () => ({ lookedAt: new Date(Date.now() - ms) }) } as unknown as Scheduler & Worker
}

test('a server whose parts look for work serves', async () => {
  const worker = await workshop.givenWorker()
  while (worker.progress().lookedAt === undefined) await new Promise(setImmediate)
  expect(await check({ worker, scheduler: lookedAgo(100) })).toEqual({ serving: true })
})

test('before its worker has looked once it does not serve', async () => {
  const worker = { progress: () => ({ lookedAt: undefined }) } as unknown as Worker
  expect(await check({ worker })).toMatchObject({
    serving: false,
    reason: expect.stringContaining('not started'),
  })
})

test('a worker or scheduler that is stuck is named', async () => {
  expect(await check({ worker: lookedAgo(11_000) })).toMatchObject({
    reason: expect.stringMatching(/^the worker/),
  })
  expect(await check({ scheduler: lookedAgo(11_000) })).toMatchObject({
    reason: expect.stringMatching(/^the scheduler/),
  })
})

test('a pool of which every connection is taken does not serve, and does again when one is free', async () => {
  const narrow = createDatabase({ connection, log: silentLog, maxConnections: 1 })
  const free = Promise.withResolvers<void>()
  const isHeld = Promise.withResolvers<void>()
  const holding = narrow.transaction(async () => {
    isHeld.resolve()
    await free.promise
  })
  await isHeld.promise
  expect(await check({ db: narrow, answerWithinMs: 200 })).toMatchObject({
    serving: false,
    reason: expect.stringContaining('database does not answer'),
  })
  free.resolve()
  await holding
  expect(await check({ db: narrow })).toEqual({ serving: true })
  await narrow.close()
})

test('the word of a look that took long is not the last', async () => {
  const answer = Promise.withResolvers<never>()
  let asked = 0
  const late = {
    ...db,
    transaction: ((run, options) =>
      asked++ === 0 ? answer.promise : db.transaction(run, options)) satisfies typeof db.transaction,
  }
  const health = createHealth()
  const parts = { worker: undefined, scheduler: undefined }
  const watch = watchHealth({ db: late, health, ...parts, now, answerWithinMs: 60_000 })
  onTestFinished(() => watch.stop())
  const looks = [watch.look(), watch.look()]
  setTimeout(() => answer.reject(new Error('too busy')), 300)
  await Promise.all(looks)
  expect(health.current()).toEqual({ serving: true })
})

test('due tasks that no worker takes are a reason, those that wait for one worker of their own are none', async () => {
  const { domainId, ...collector } = await workshop.givenCollector()
  await workshop.startJob({ domainId, ...collector })
  expect(await check()).toEqual({ serving: true })
  await db.query(`update job_task set due_at = now() - interval '2 minutes' where domain_id = $1`, [domainId])
  expect(await check()).toMatchObject({
    serving: false,
    reason: expect.stringMatching(/no worker has taken.*120 s/),
  })
  await db.query(`update lane set selector = '{zone=dmz}' where domain_id = $1`, [domainId])
  expect(await check()).toEqual({ serving: true })
})

test('a lease that ran out and that nobody takes back is a reason', async () => {
  await workshop.startJob(await workshop.givenCollector())
  await db.query(
    `update job_task set status = 'IN_PROGRESS', lease_expires_at = now() - interval '3 minutes' where status = 'PENDING'`,
  )
  expect(await check()).toMatchObject({ reason: expect.stringContaining('a worker that vanished for 180 s') })
})
