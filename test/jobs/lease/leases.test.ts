import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { deleteCollector } from '../../../src/collectors/index.ts'
import type { BatchCounts } from '../../../src/inventory/index.ts'
import { finishTask } from '../../../src/jobs/end/finish-task.ts'
import { keepLease } from '../../../src/jobs/lease/keep-lease.ts'
import { LeaseLost } from '../../../src/jobs/lease/lease-lost.ts'
import { reapLeases } from '../../../src/jobs/lease/reap-leases.ts'
import { releaseTask } from '../../../src/jobs/lease/release-task.ts'
import { renewLease } from '../../../src/jobs/lease/renew-lease.ts'
import { recordBatch } from '../../../src/jobs/part/record-batch.ts'
import { takeTask } from '../../../src/jobs/take/take-task.ts'
import type { TakenTask } from '../../../src/jobs/task.ts'
import { bucket } from '../../inventory/write/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { Gate } from '../scripted-plugins.ts'
import { namesIn, openWorkshop, readJob, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { db, queue, givenCollector, givenWorker, startJob, takenByVanishedWorker } = workshop
afterAll(workshop.close)

const now = () => new Date()
const reaping = { db, queue, log: silentLog, now }
const oneCreated: BatchCounts = {
  created: 1,
  updated: 0,
  unchanged: 0,
  failed: 0,
  types: 0,
  regions: 0,
  messages: 1,
  bytes: 10,
  errors: [],
}

describe('taking tasks', () => {
  test('many workers at once never take the same task, nor two of one collector', async () => {
    const collectors = await Promise.all(Array.from({ length: 5 }, () => givenCollector()))
    const keys = []
    for (const collector of [...collectors, ...collectors]) keys.push(await startJob(collector))

    const takes = Array.from({ length: 40 }, () => takeTask(db, { owner: 'w', leaseMs: 60_000, now: now() }))
    const taken = (await Promise.all(takes)).filter((task) => task !== undefined)

    // A taker may come away empty when it lost a race; what is taken is taken once.
    const all = [...taken, ...(await takeAll())]
    expect(new Set(all.map((task) => task.jobTaskId)).size).toBe(all.length)
    expect(new Set(all.map((task) => task.collectorId))).toEqual(
      new Set(collectors.map((collector) => collector.collectorId)),
    )
    expect(all).toHaveLength(5)
    for (const task of all) await finishTask(db, task, { status: 'SUCCESS', complete: true, at: now() })
    const rest = await takeAll()
    expect(rest.map((task) => task.jobId).toSorted()).toEqual(
      keys
        .slice(5)
        .map((key) => key.jobId)
        .toSorted(),
    )
    for (const task of rest) await finishTask(db, task, { status: 'SUCCESS', complete: true, at: now() })
  })

  test('a task that waits for its next attempt keeps its place before later ones of its collector', async () => {
    const collector = await givenCollector()
    const first = await startJob(collector)
    await startJob(collector)
    const [task] = await takeAll()
    if (task === undefined) throw new Error('nothing to take')
    await releaseTask({ db, queue }, task, { delayMs: 60_000, counts: 'failed' })

    expect(await takeAll()).toEqual([])

    await db.query('update job_task set due_at = now() where domain_id = $1', [collector.domainId])
    const again = await takeAll()
    expect(again).toMatchObject([{ jobId: first.jobId, attempt: 2 }])
    await cancelAll(again)
  })
})

describe('a lease that was lost', () => {
  test('stops the batch, the renewal, the end and the return of the old attempt', async () => {
    const key = await startJob(await givenCollector())
    const old = await takenByVanishedWorker()
    await until(async () => (await reapLeases(reaping)) > 0)
    const current = await takenByVanishedWorker(60_000)
    expect(current).toMatchObject({ jobTaskId: old.jobTaskId, attempt: old.attempt + 1 })

    await expect(db.transaction((tx) => recordBatch(tx, old, oneCreated))).rejects.toThrow(LeaseLost)
    await expect(renewLease(db, old, 10_000)).rejects.toThrow(LeaseLost)
    await expect(finishTask(db, old, { status: 'SUCCESS', complete: true, at: now() })).rejects.toThrow(
      LeaseLost,
    )
    await expect(releaseTask({ db, queue }, old, { delayMs: 0, counts: 'failed' })).rejects.toThrow(LeaseLost)

    const { job, task } = await readJob(db, key)
    expect(job).toMatchObject({ status: 'IN_PROGRESS', remainedTasks: 1 })
    expect(task).toMatchObject({ status: 'IN_PROGRESS', attempt: 2, createdCount: 0, lostAttempts: 1 })
    expect(await db.query('select 1 from run where domain_id = $1', [key.domainId])).toEqual([])
    await cancelAll([current])
  })

  test('between two attempts lets nobody write', async () => {
    await startJob(await givenCollector())
    const old = await takenByVanishedWorker()
    await until(async () => (await reapLeases(reaping)) > 0)

    await expect(db.transaction((tx) => recordBatch(tx, old, oneCreated))).rejects.toThrow(LeaseLost)
    const overtime = { status: 'CANCELED', complete: false, timedOut: true, at: now() } as const
    await expect(finishTask(db, old, overtime)).rejects.toThrow(LeaseLost)
    await cancelAll(await takeAll())
  })

  test('ends the run of a worker that had only paused, and another one finishes the job', async () => {
    const gates = [new Gate(), new Gate()]
    let attempts = 0
    const collector = await givenCollector({
      async *collect(_, signal) {
        const attempt = ++attempts
        yield [bucket({ id: 'a' })]
        await gates[attempt - 1]?.pass(signal)
        yield [bucket({ id: `b${attempt}` })]
      },
    })
    const paused = await givenWorker({ capacity: 1, renewEveryMs: 100_000, lookEveryMs: 100_000 })
    const key = await startJob(collector)
    await until(async () => (await readJob(db, key)).task.createdCount === 1)

    await runOutLease(key.domainId)
    await givenWorker({ lookEveryMs: 50 })
    await gates[1]?.reached
    gates[0]?.open()
    await until(async () => paused.progress().runningTasks === 0)
    expect(await namesIn(db, key.domainId)).toEqual(['a'])

    gates[1]?.open()
    const { job, task } = await runToEnd(db, key)
    expect(job.status).toBe('SUCCESS')
    expect(task).toMatchObject({ attempt: 2, createdCount: 2, unchangedCount: 0, lostAttempts: 1 })
    expect(await namesIn(db, key.domainId)).toEqual(['a', 'b2'])
  })

  test('is noticed at the next renewal, and the plugin is told to stop', async () => {
    const gate = new Gate()
    const told = Promise.withResolvers<unknown>()
    const collector = await givenCollector({
      async *collect(_, signal) {
        signal.addEventListener('abort', () => told.resolve(signal.reason))
        yield [bucket({ id: 'a' })]
        await gate.pass(signal)
      },
    })
    const worker = await givenWorker({ capacity: 1, renewEveryMs: 50, lookEveryMs: 100_000 })
    const key = await startJob(collector)
    await gate.reached

    await runOutAttempt(key.domainId)

    expect(await told.promise).toBeInstanceOf(LeaseLost)
    await until(async () => worker.progress().runningTasks === 0)
    expect((await readJob(db, key)).task.status).toBe('PENDING')
    await deleteCollector(workshop.context(), collector)
  })

  test('counts as lost when the database has not answered for its whole length', async () => {
    const silent = { ...db, query: () => Promise.reject(new Error('no route to host')) }
    const lost = Promise.withResolvers<Error>()
    const lease = { domainId: 'd', jobTaskId: 't' as TakenTask['jobTaskId'], attempt: 1 }
    const keeper = keepLease(
      { db: silent, log: silentLog },
      lease,
      { leaseMs: 60, renewEveryMs: 20 },
      lost.resolve,
    )

    expect((await lost.promise).message).toBe('no route to host')
    keeper.stop()
  })

  test('counts as lost also when the database never says anything to a renewal', async () => {
    const hanging = { ...db, query: () => new Promise<never>(() => {}) }
    const lost = Promise.withResolvers<Error>()
    const lease = { domainId: 'd', jobTaskId: 't' as TakenTask['jobTaskId'], attempt: 1 }
    const times = { leaseMs: 60, renewEveryMs: 20 }
    const keeper = keepLease({ db: hanging, log: silentLog }, lease, times, lost.resolve)

    expect((await lost.promise).message).toContain('another worker may have the task')
    keeper.stop()
  })
})

describe('a task whose end cannot be written', () => {
  async function givenUnwritableEnd(jobId: string) {
    await db.query(
      `create function refuse_end() returns trigger language plpgsql as
         $$ begin if new.status = 'FAILURE' and new.job_id = '${jobId}' then raise exception 'no end'; end if; return new; end $$`,
    )
    await db.query(
      'create trigger refuse_end before update on job_task for each row execute function refuse_end()',
    )
    onTestFinished(async () => {
      await db.query('drop function refuse_end cascade')
      await db.query(`update job_task set status = 'CANCELED' where job_id = $1`, [jobId])
    })
  }

  test('keeps nobody from working, when its workers keep vanishing', async () => {
    const stuck = await startJob(await givenCollector())
    await takenByVanishedWorker()
    await db.query('update job_task set lost_attempts = 100 where domain_id = $1', [stuck.domainId])
    await givenUnwritableEnd(stuck.jobId)

    await givenWorker({ lookEveryMs: 20 })
    const key = await startJob(await givenCollector())
    expect((await runToEnd(db, key)).job.status).toBe('SUCCESS')
    expect((await readJob(db, stuck)).task.status).toBe('IN_PROGRESS')
  })

  test('keeps nobody from working, when no worker carries its labels', async () => {
    const stuck = await startJob(await givenCollector())
    await db.query(`update lane set selector = '{zone=nowhere}' where domain_id = $1`, [stuck.domainId])
    await givenUnwritableEnd(stuck.jobId)

    await givenWorker({ lookEveryMs: 20, unservedAfterMs: 1 })
    await until(async () => {
      const [lane] = await db.query<{ since: Date | null }>(
        'select unserved_since as since from lane where domain_id = $1',
        [stuck.domainId],
      )
      return lane?.since != null
    })
    await db.query(`update lane set unserved_since = now() - interval '1 min' where domain_id = $1`, [
      stuck.domainId,
    ])
    const key = await startJob(await givenCollector())
    expect((await runToEnd(db, key)).job.status).toBe('SUCCESS')
    expect((await readJob(db, stuck)).task.status).toBe('PENDING')
  })
})

test('errors of a task are bounded, however many batches bring some', async () => {
  const key = await startJob(await givenCollector())
  const task = await takenByVanishedWorker(60_000)
  const errors = Array.from({ length: 60 }, (_, at) => ({ error_code: 'ERROR_X', message: `number ${at}` }))
  for (let batch = 0; batch < 3; batch++) {
    await db.transaction((tx) => recordBatch(tx, task, { ...oneCreated, failed: 60, errors }))
  }
  await finishTask(db, task, {
    status: 'FAILURE',
    complete: false,
    errors: [{ error_code: 'ERROR_LAST', message: 'the end' }],
    at: now(),
  })

  const { task: stored } = await readJob(db, key)
  expect(stored).toMatchObject({ failureCount: 180, createdCount: 3, status: 'FAILURE' })
  expect(stored.errors).toHaveLength(100)
  expect(stored.errors.at(-1)).toMatchObject({ error_code: 'ERROR_LAST' })
})

async function takeAll(): Promise<TakenTask[]> {
  const taken: TakenTask[] = []
  for (;;) {
    const task = await takeTask(db, { owner: 'w', leaseMs: 60_000, now: now() })
    if (task === undefined) return taken
    taken.push(task)
  }
}

async function cancelAll(tasks: readonly TakenTask[]): Promise<void> {
  for (const task of tasks) await finishTask(db, task, { status: 'CANCELED', complete: false, at: now() })
  const rest = await takeAll()
  if (rest.length > 0) await cancelAll(rest)
}

async function runOutLease(domainId: string): Promise<void> {
  await db.query("update job_task set lease_expires_at = now() - interval '1 s' where domain_id = $1", [
    domainId,
  ])
}

/** As if another worker had taken the task over and given it back, later than the test looks. */
async function runOutAttempt(domainId: string): Promise<void> {
  await db.query(
    `update job_task set status = 'PENDING', attempt = attempt + 1, lease_owner = '', due_at = now() + interval '1 h'
      where domain_id = $1`,
    [domainId],
  )
}
