import { afterAll, expect, onTestFinished, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { PgBossQueue } from '../../../src/jobs/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { silentLog } from '../../support/silent-log.ts'
import { until } from '../support.ts'

const { db, connection, drop } = await createTestDatabase()
afterAll(drop)

const task = { domainId: 'domain-1', jobTaskId: asId<'jobTask'>('job_task-1') }

async function givenQueue() {
  const queue = new PgBossQueue({ connection, log: silentLog })
  await queue.start()
  onTestFinished(() => queue.stop())
  return queue
}

test('a wake-up arrives when its transaction commits, and is gone then', async () => {
  const queue = await givenQueue()
  const woken = Promise.withResolvers<void>()
  await queue.onWake(woken.resolve)

  await db.transaction(async (tx) => {
    await queue.wake(tx, task)
    expect(await waiting()).toBe(0)
  })

  await woken.promise
  await until(async () => (await waiting()) === 0)
})

test('who listens where it is sent is called once, as soon as the transaction has committed', async () => {
  const queue = await givenQueue()
  let calls = 0
  await queue.onWake(() => calls++)

  await db.transaction(async (tx) => {
    await queue.wakeAll(tx, [task, task])
    expect(calls).toBe(0)
  })

  expect(calls).toBe(1)
  await until(async () => (await waiting()) === 0)
  await queue.stop()
  expect(calls).toBe(1)
})

test('a rollback takes its wake-up along', async () => {
  const queue = await givenQueue()

  const rolledBack = db.transaction(async (tx) => {
    await queue.wake(tx, task)
    throw new Error('no')
  })

  await expect(rolledBack).rejects.toThrow('no')
  expect(await waiting()).toBe(0)
})

test('one process sends, another one is woken', async () => {
  const [sender, receiver] = [await givenQueue(), await givenQueue()]
  const woken = Promise.withResolvers<void>()
  await receiver.onWake(woken.resolve)

  await db.transaction((tx) => sender.wake(tx, task))

  await woken.promise
})

test('a listener that was told off is not called any more', async () => {
  const queue = await givenQueue()
  const calls: string[] = []
  const stopFirst = await queue.onWake(() => calls.push('first'))
  await stopFirst()
  const woken = Promise.withResolvers<void>()
  await queue.onWake(woken.resolve)

  await db.transaction((tx) => queue.wake(tx, task))

  await woken.promise
  expect(calls).toEqual([])
})

test('wake-ups arrive again after every connection of the queue was cut', async () => {
  const [queue, sender] = [await givenQueue(), await givenQueue()]
  let wakes = 0
  await queue.onWake(() => wakes++)
  await db.transaction((tx) => sender.wake(tx, task))
  await until(async () => wakes > 0)
  const before = wakes

  await db.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'gleaner queue'",
  )
  await until(async () => {
    await db.transaction((tx) => sender.wake(tx, task)).catch(() => {})
    return wakes > before
  })
})

test('a delayed wake-up waits in the queue, and for as long as it takes', async () => {
  const queue = await givenQueue()
  const delayed = { ...task, jobTaskId: asId<'jobTask'>('job_task-delayed') }

  await db.transaction((tx) => queue.wake(tx, delayed, { delayMs: 60_000 }))

  const [job] = await db.query<{ startsLater: boolean; keptForYears: boolean; retryLimit: number }>(
    `select start_after > now() + interval '30 s' as starts_later, keep_until > now() + interval '5 years' as kept_for_years,
            retry_limit
       from pgboss.job where name = 'job-task' and data->>'job_task_id' = $1`,
    [delayed.jobTaskId],
  )
  expect(job).toEqual({ startsLater: true, keptForYears: true, retryLimit: 0 })
})

/** Undelayed wake-ups that nobody has read. */
async function waiting(): Promise<number> {
  const [row] = await db.query<{ waiting: number }>(
    "select count(*) as waiting from pgboss.job where name = 'job-task' and state < 'completed' and start_after <= now()",
  )
  return row?.waiting ?? 0
}
