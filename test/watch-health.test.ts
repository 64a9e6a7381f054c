import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { Worker } from '../src/jobs/index.ts'
import type { Scheduler } from '../src/schedules/index.ts'
import { createHealth } from '../src/server/index.ts'
import { createDatabase, createRoom } from '../src/storage/index.ts'
import { watchHealth } from '../src/watch-health.ts'
import { openWorkshop } from './jobs/support.ts'
import { createTestDatabase } from './support/database.ts'
import { silentLog } from './support/silent-log.ts'

const workshop = await openWorkshop()
const { db, connection } = workshop
afterAll(workshop.close)

const now = () => new Date()

/** What `/check` would say after one look. */
async function check(options: Partial<Parameters<typeof watchHealth>[0]> = {}) {
  const health = createHealth()
  const parts = { room: createRoom(), worker: undefined, scheduler: undefined }
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

type Fault = { readonly parts: Partial<Parameters<typeof watchHealth>[0]>; readonly mend: () => void }

/** A database of which every transaction goes like this until it is mended. */
function failing(act: () => Promise<never>): Fault {
  let isMended = false
  const transaction: typeof db.transaction = (run, options) =>
    isMended ? db.transaction(run, options) : act()
  const mend = () => {
    isMended = true
  }
  return { parts: { db: { ...db, transaction } }, mend }
}

/** A disk that was found to be so by a statement that failed, and is until it is mended. */
function foundOut(state: string): Fault {
  const failure = Object.assign(new Error('could not write to file'), { code: state, severity: 'ERROR' })
  const room = createRoom({ goodForMs: 0 })
  room.note(failure)
  const { parts, mend } = failing(() => Promise.reject(failure))
  return { parts: { ...parts, room }, mend }
}

/** A disk of which this much is free until it is mended. */
function nearlyFull(freeBytes: number): Fault {
  let free = freeBytes
  const mend = () => {
    free = 10 ** 9
  }
  return { parts: { room: createRoom({ freeBytes: async () => free, goodForMs: 0 }) }, mend }
}

/** A part that looked for work this long ago until it is mended. */
function stuck(who: 'worker' | 'scheduler', ms: number | undefined): Fault {
  let lookedAt = ms === undefined ? undefined : new Date(Date.now() - ms)
  const mend = () => {
    lookedAt = new Date()
  }
  const part = { progress: () => ({ lookedAt }) } as unknown as Scheduler & Worker
  return { parts: { [who]: part }, mend }
}

test.each<[string, RegExp, () => Fault]>([
  [
    'a database that refuses connections',
    /^the database does not answer: connect ECONNREFUSED$/,
    () => failing(() => Promise.reject(new Error('connect ECONNREFUSED'))),
  ],
  [
    'a disk that is nearly full',
    /^the disk of the embedded database is full: 1 MB are free/,
    () => nearlyFull(1_500_000),
  ],
  [
    'a disk that a statement found full',
    /^the database .* its disk is full.*Free some space/,
    () => foundOut('53100'),
  ],
  [
    'a disk that a statement found broken',
    /^the database cannot read or write its files/,
    () => foundOut('58030'),
  ],
  ['a worker that has not started', /^the worker has not started yet$/, () => stuck('worker', undefined)],
  ['a worker that looks no more', /^the worker has not looked for work since/, () => stuck('worker', 11_000)],
  [
    'a scheduler that looks no more',
    /^the scheduler has not looked for work since/,
    () => stuck('scheduler', 11_000),
  ],
])('%s keeps a server from serving until it is mended', async (_what, reason, given) => {
  const { parts, mend } = given()
  const health = createHealth()
  const none = { room: createRoom(), worker: undefined, scheduler: undefined }
  const watch = watchHealth({ db, health, ...none, now, answerWithinMs: 60_000, ...parts })
  onTestFinished(() => watch.stop())
  await watch.look()
  expect(health.current()).toEqual({ serving: false, reason: expect.stringMatching(reason) })
  mend()
  await watch.look()
  expect(health.current()).toEqual({ serving: true })
})

test('a database that accepts no changes keeps a server from serving, although it answers', async () => {
  const standby = await createTestDatabase({ settings: { default_transaction_read_only: 'on' } })
  onTestFinished(standby.drop)
  expect(await check({ db: standby.db })).toMatchObject({ reason: expect.stringContaining('standby') })
})

test('a server that stops does not serve, and says why', async () => {
  const health = createHealth()
  const parts = { room: createRoom(), worker: undefined, scheduler: undefined }
  await watchHealth({ db, health, ...parts, now }).stop()
  expect(health.current()).toEqual({ serving: false, reason: 'stopping' })
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
  const parts = { room: createRoom(), worker: undefined, scheduler: undefined }
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
