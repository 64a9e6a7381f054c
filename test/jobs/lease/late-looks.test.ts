import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { updateCollectorSettings } from '../../../src/collectors/index.ts'
import { finishTask } from '../../../src/jobs/end/finish-task.ts'
import { reapLeases } from '../../../src/jobs/lease/reap-leases.ts'
import { releaseTask } from '../../../src/jobs/lease/release-task.ts'
import { renewLease } from '../../../src/jobs/lease/renew-lease.ts'
import { giveUpUnserved } from '../../../src/jobs/take/give-up-unserved.ts'
import { createRollCall, noteWorker } from '../../../src/jobs/take/roll-call.ts'
import { takeTask } from '../../../src/jobs/take/take-task.ts'
import type { Database } from '../../../src/storage/index.ts'
import { keptLog } from '../../support/kept-log.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openWorkshop, readJob } from '../support.ts'

const workshop = await openWorkshop()
const { context, db, queue, givenCollector, startJob, takenByVanishedWorker } = workshop
afterAll(workshop.close)

const now = () => new Date()
const take = { owner: 'w', leaseMs: 60_000, now: now() }

/** The database, with something that happens right after the first answer of it that is not empty. */
function thatIsOvertaken(by: () => Promise<unknown>): Database {
  let isOver = false
  async function overtake(answer: unknown): Promise<void> {
    if (isOver || (Array.isArray(answer) && answer.length === 0)) return
    isOver = true
    await by()
  }
  return {
    ...db,
    async query<Row extends object>(...args: Parameters<Database['query']>) {
      const rows = await db.query<Row>(...args)
      await overtake(rows)
      return rows
    },
    async transaction(run, options) {
      const answer = await db.transaction(run, options)
      await overtake(answer)
      return answer
    },
  }
}

async function select(collector: Parameters<typeof startJob>[0], workerSelector: Record<string, string>) {
  const nothing = { overlapPolicy: undefined, maxParallelTasks: undefined }
  await updateCollectorSettings(context(), collector, { ...nothing, workerSelector })
}

describe('the reaper', () => {
  test('does not end a hopeless task whose worker woke up and renewed its lease in the meantime', async () => {
    const key = await startJob(await givenCollector())
    const task = await takenByVanishedWorker()
    const overtaken = thatIsOvertaken(() => renewLease(db, task, 60_000))
    const reaping = { db: overtaken, queue, log: silentLog, now }

    await expect.poll(() => reapLeases(reaping, 1)).toBe(1)

    expect(await readJob(db, key)).toMatchObject({
      job: { status: 'IN_PROGRESS', remainedTasks: 1 },
      task: { status: 'IN_PROGRESS' },
    })
    await finishTask(db, task, { status: 'SUCCESS', complete: true, at: now() })
    expect((await readJob(db, key)).job.status).toBe('SUCCESS')
  })
})

describe('a task that cannot be ended', () => {
  async function refuseEnd({ jobTaskId }: { readonly jobTaskId: string }): Promise<void> {
    await db.query(
      `create function refuse_end() returns trigger language plpgsql as
         $$ begin if new.job_task_id = '${jobTaskId}' and new.status = 'FAILURE' then raise exception 'no end'; end if; return new; end $$`,
    )
    await db.query(
      'create trigger refuse_end before update on job_task for each row execute function refuse_end()',
    )
    onTestFinished(async () => {
      await db.query('drop function refuse_end cascade')
      await db.query(`update job_task set status = 'CANCELED' where job_task_id = $1`, [jobTaskId])
    })
  }

  test('is tried again after a while, so that it neither fills the log nor keeps others waiting', async () => {
    await startJob(await givenCollector())
    const stuck = await takenByVanishedWorker()
    await refuseEnd(stuck)
    const { logged, log } = keptLog()
    const reaping = { db, queue, log, now }
    await expect.poll(() => reapLeases(reaping, 1)).toBe(1)
    const key = await startJob(await givenCollector())
    await takenByVanishedWorker()

    await expect.poll(() => reapLeases(reaping, 1)).toBe(1)

    expect((await readJob(db, key)).job.status).toBe('ERROR')
    expect(await reapLeases(reaping, 1)).toBe(0)
    expect(logged.filter((line) => line.includes(stuck.jobTaskId))).toHaveLength(1)
  })

  test('is tried again after a while too when no worker carries its labels', async () => {
    const collector = await givenCollector()
    await select(collector, { zone: 'nowhere' })
    const key = await startJob(collector)
    const { task: stuck } = await readJob(db, key)
    await refuseEnd(stuck)
    const { logged, log } = keptLog()

    expect(await giveUpUnserved({ db, log, now }, 0)).toBe(1)
    expect(await giveUpUnserved({ db, log, now }, 0)).toBe(0)

    expect(logged.filter((line) => line.includes(stuck.jobTaskId))).toHaveLength(1)
    expect((await readJob(db, key)).task.status).toBe('PENDING')
    await db.query('update job_task set due_at = now() where job_task_id = $1', [stuck.jobTaskId])
    expect(await giveUpUnserved({ db, log, now }, 0)).toBe(1)
  })
})

test('a look for tasks that no worker may run keeps nobody from working when it fails, and is not made again at once', async () => {
  const { logged, log } = keptLog()
  const tried: string[] = []
  const failing: Database = {
    ...db,
    transaction: () => {
      tried.push('look')
      return Promise.reject(new Error('it collided with another one'))
    },
  }
  const rollCall = createRollCall(
    { db: failing, log, now },
    { id: 'w', labels: [], unservedAfterMs: 600_000 },
  )

  await rollCall.answer()
  await rollCall.answer()

  expect(tried).toHaveLength(1)
  expect(logged).toHaveLength(1)
  await rollCall.leave()
})

describe('who gives up tasks that no worker may run', () => {
  const giveUp = { log: silentLog, now }

  test('leaves those alone for which a worker has come in the meantime', async () => {
    const collector = await givenCollector()
    await select(collector, { zone: 'a' })
    const key = await startJob(collector)
    const overtaken = thatIsOvertaken(() => noteWorker(db, { id: 'late', labels: ['zone=a'] }))

    expect(await giveUpUnserved({ ...giveUp, db: overtaken }, 0)).toBe(1)

    expect((await readJob(db, key)).task.status).toBe('PENDING')
    expect(await takeTask(db, { ...take, labels: ['zone=a'] })).toBeDefined()
    await db.query('delete from worker')
  })

  test('leaves those alone whose collector was given another selector in the meantime', async () => {
    const collector = await givenCollector()
    await select(collector, { zone: 'b' })
    const key = await startJob(collector)
    const overtaken = thatIsOvertaken(() => select(collector, {}))

    expect(await giveUpUnserved({ ...giveUp, db: overtaken }, 0)).toBe(1)

    expect((await readJob(db, key)).task.status).toBe('PENDING')
    expect(await takeTask(db, take)).toBeDefined()
  })
})

describe('settings that change while a task runs', () => {
  test('decide where the task waits when its worker gives it back', async () => {
    const collector = await givenCollector()
    await select(collector, { zone: 'c' })
    await startJob(collector)
    const task = await takeTask(db, { ...take, labels: ['zone=c'] })
    if (task === undefined) throw new Error('there was no task to take')

    await select(collector, { zone: 'd' })
    await releaseTask({ db, queue }, task, { delayMs: 0, counts: 'nothing' })

    expect(await takeTask(db, { ...take, labels: ['zone=c'] })).toBeUndefined()
    expect(await takeTask(db, { ...take, labels: ['zone=d'] })).toMatchObject({ jobTaskId: task.jobTaskId })
  })
})
