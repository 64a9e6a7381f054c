import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { deleteCollector } from '../../../src/collectors/index.ts'
import { cancelJob, cancelJobTask } from '../../../src/jobs/index.ts'
import { jobControlService } from '../../../src/server/handlers/job-control.ts'
import { gleaner } from '../../cli/gleaner.ts'
import { bucket } from '../../inventory/write/support.ts'
import { startApi } from '../../support/api-server.ts'
import { TEST_MASTER_KEY } from '../../support/keyring.ts'
import { Gate, sends } from '../scripted-plugins.ts'
import { namesIn, openWorkshop, readJob, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { connection, context, db, givenCollector, givenWorker, startJob } = workshop
const api = await startApi([jobControlService], {}, db)
afterAll(async () => {
  await api.stop()
  await workshop.close()
})

const PROGRAM = fileURLToPath(new URL('../programs/worker.ts', import.meta.url))

/** A plugin that sends one resource and then waits for ever; `left` is when its stream was closed. */
function endless() {
  const gate = new Gate()
  const left = Promise.withResolvers<void>()
  return {
    reached: gate.reached,
    left: left.promise,
    script: {
      async *collect(_: object, signal: AbortSignal) {
        try {
          yield [bucket({ id: 'a' })]
          await gate.pass(signal)
        } finally {
          left.resolve()
        }
      },
    },
  }
}

async function givenRunningJob(settings: Parameters<typeof givenWorker>[0] = {}) {
  const plugin = endless()
  const worker = await givenWorker(settings)
  const key = await startJob(await givenCollector(plugin.script))
  await until(async () => (await readJob(db, key)).task.createdCount === 1)
  return { plugin, worker, key }
}

/**
 * A worker whose next renewal and next look are out of reach, so that only a notice can tell it something.
 */
const DEAF_BUT_FOR_NOTICES = { renewEveryMs: 1_000_000, lookEveryMs: 1_000_000 }

describe('canceling a job', () => {
  test('closes the stream that another process reads; what was written stays, and nothing was read completely', async () => {
    const { plugin, worker, key } = await givenRunningJob(DEAF_BUT_FOR_NOTICES)

    await cancelJob(context(), key)

    const { job, task } = await readJob(db, key)
    expect(job).toMatchObject({ status: 'CANCELED', remainedTasks: 0 })
    expect(task).toMatchObject({
      status: 'CANCELED',
      createdCount: 1,
      errors: [{ error_code: 'ERROR_COLLECT_CANCELED' }],
    })
    await plugin.left
    await until(async () => worker.progress().runningTasks === 0)
    expect(await namesIn(db, key.domainId)).toEqual(['a'])
    expect(await db.query('select complete from run where domain_id = $1', [key.domainId])).toEqual([
      { complete: false },
    ])
    expect((await readJob(db, key)).task).toEqual(task)
  })

  test('is noticed at the next renewal when the notice was lost', async () => {
    const plugin = endless()
    const worker = await givenWorker({ renewEveryMs: 50, lookEveryMs: 50 }, db, {
      onCanceled: async () => async () => {},
    })
    const key = await startJob(await givenCollector(plugin.script))
    await plugin.reached

    await cancelJob(context(), key)

    await plugin.left
    await until(async () => worker.progress().runningTasks === 0)
  })

  test('that waits for a worker ends it before it begins, and the next job of the collector runs', async () => {
    let calls = 0
    const collector = await givenCollector({
      collect: () => {
        calls++
        return sends(bucket({ id: 'a' }))
      },
    })
    const canceled = await startJob(collector)
    const next = await startJob(collector)

    await cancelJob(context(), canceled)
    await givenWorker()
    await runToEnd(db, next)

    expect(calls).toBe(1)
    expect((await readJob(db, canceled)).job).toMatchObject({ status: 'CANCELED', remainedTasks: 0 })
  })

  test('twice changes nothing, after its end is refused, unknown is not found', async () => {
    const collector = await givenCollector()
    const key = await startJob(collector)
    await cancelJob(context(), key)
    const before = await readJob(db, key)
    await cancelJob(context(), key)
    expect(await readJob(db, key)).toEqual(before)

    await givenWorker()
    const ended = await startJob(collector)
    await runToEnd(db, ended)
    await expect(cancelJob(context(), ended)).rejects.toMatchObject({
      code: 'ERROR_JOB_STATE',
      message: expect.stringContaining('ended as SUCCESS'),
    })
    await expect(
      cancelJob(context(), { domainId: key.domainId, jobId: 'job-000000000000' }),
    ).rejects.toMatchObject({ code: 'ERROR_NOT_FOUND' })
  })
})

test('a stream in another process is closed by the notice alone, and nothing is written any more', async () => {
  const collector = await givenCollector()
  const key = await startJob(collector)
  // A lease that outlives the test and is never renewed: only the notice can reach it.
  const settings = { leaseMs: 1_000_000, renewEveryMs: 900_000, lookEveryMs: 900_000 }
  const child = spawn(
    process.execPath,
    [PROGRAM, JSON.stringify(connection), TEST_MASTER_KEY, JSON.stringify(settings)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await said.next()).value).toBe('taken')
  await until(async () => (await readJob(db, key)).task.createdCount > 0)

  const canceledAt = performance.now()
  await cancelJob(context(), key)
  const { task } = await readJob(db, key)
  expect((await said.next()).value).toBe('left')

  console.info(`canceled in another process after ${Math.round(performance.now() - canceledAt)} ms`)
  expect(task.status).toBe('CANCELED')
  // It may have had a batch in hand: what it wrote then would have come before its next task, which it takes
  // now.
  const next = await startJob(collector)
  await until(async () => (await readJob(db, next)).task.status === 'IN_PROGRESS')
  expect((await readJob(db, key)).task).toEqual(task)
  expect(await namesIn(db, key.domainId)).toHaveLength(task.createdCount)
})

test('a job with 1,000 open tasks is canceled whole, and another of the collector keeps its own', async () => {
  const collector = await givenCollector()
  const [key, other] = [await startJob(collector), await startJob(collector)]
  await db.query(
    `with more as (
       insert into contributor (domain_id, collector_id, secret_id)
       select $1, $3, 'secret-' || n from generate_series(2, 1000) n returning contributor_id, secret_id
     )
     insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, status, created_at)
     select $1, 'job_task-' || contributor_id, $2, $3, contributor_id, secret_id, 'PENDING', now() from more`,
    [key.domainId, key.jobId, collector.collectorId],
  )
  await db.query(
    'update job set total_tasks = 1000, remained_tasks = 1000 where domain_id = $1 and job_id = $2',
    [key.domainId, key.jobId],
  )

  const startedAt = performance.now()
  await cancelJob(context(), key)
  console.info(`1,000 tasks canceled in ${Math.round(performance.now() - startedAt)} ms`)

  const { job, tasks } = await readJob(db, key)
  expect(job).toMatchObject({ status: 'CANCELED', totalTasks: 1_000, remainedTasks: 0 })
  expect(new Set(tasks.map(({ status }) => status))).toEqual(new Set(['CANCELED']))
  for (const { jobTaskId, errors } of tasks) {
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toContain(jobTaskId)
  }
  expect((await readJob(db, other)).job).toMatchObject({ status: 'IN_PROGRESS', remainedTasks: 1 })
})

test('canceling one task leaves the others of its job, which then ends as CANCELED', async () => {
  const read: unknown[] = []
  const gate = new Gate()
  const collector = await givenCollector({
    getTasks: () => [{ part: 1 }, { part: 2 }, { part: 3 }],
    async *collect({ taskOptions }, signal) {
      read.push(taskOptions?.part)
      if (taskOptions?.part === 1) await gate.pass(signal)
      yield* sends()
    },
  })
  await givenWorker()
  const key = await startJob(collector)
  await gate.reached
  const second = (await readJob(db, key)).tasks[1]?.jobTaskId ?? ''

  const jobId = await cancelJobTask(context(), { domainId: key.domainId, jobTaskId: second })
  gate.open()
  const { job, tasks } = await runToEnd(db, key)

  expect(jobId).toBe(key.jobId)
  expect(job).toMatchObject({ status: 'CANCELED', totalTasks: 3, remainedTasks: 0 })
  expect(tasks.map(({ status }) => status)).toEqual(['SUCCESS', 'CANCELED', 'SUCCESS'])
  expect(read).toEqual([1, 3])
})

test('deleting a collector cancels what runs and what waits, and nothing more is written', async () => {
  const gate = new Gate()
  const collector = await givenCollector({
    async *collect(_, signal) {
      yield [bucket({ id: 'a' })]
      await gate.pass(signal)
      yield [bucket({ id: 'too-late' })]
    },
  })
  const worker = await givenWorker()
  const running = await startJob(collector)
  const waiting = await startJob(collector)
  await until(async () => (await readJob(db, running)).task.createdCount === 1)

  await deleteCollector(context(), collector)
  gate.open()
  await until(async () => worker.progress().runningTasks === 0)

  for (const key of [running, waiting]) {
    const { job, task } = await readJob(db, key)
    expect(job).toMatchObject({ status: 'CANCELED', remainedTasks: 0 })
    expect(task).toMatchObject({ status: 'CANCELED', errors: [{ error_code: 'ERROR_COLLECT_CANCELED' }] })
  }
  expect(await namesIn(db, collector.domainId)).toEqual(['a'])
  const [job] = await db.query<{ collectorInfo: object }>(
    'select collector_info from job where domain_id = $1',
    [collector.domainId],
  )
  expect(job?.collectorInfo).toMatchObject({ collector_id: collector.collectorId, name: 'Acme' })
})

test('over REST and on the command line a job is canceled, and told how far it got', async () => {
  const overRest = await startJob(await givenCollector())
  const body = JSON.stringify({ domain_id: overRest.domainId, job_id: overRest.jobId })
  const answer = await api.post('/gleaner/v1/job-control/cancel', body)
  expect([answer.status, answer.json()]).toMatchObject([
    200,
    { job_id: overRest.jobId, status: 'CANCELED', finished: true, tasks: [{ status: 'CANCELED' }] },
  ])

  const key = await startJob(await givenCollector())
  const url = `http://127.0.0.1:${api.httpPort}`
  const said = await gleaner(url, ['--domain', key.domainId, 'jobs', 'cancel', key.jobId])
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining(`Canceled ${key.jobId}`) })
  expect((await readJob(db, key)).job.status).toBe('CANCELED')

  const again = await gleaner(url, ['--domain', key.domainId, 'jobs', 'cancel', 'job-000000000000'])
  expect(again).toMatchObject({ code: 1, notices: expect.stringContaining('not found') })
})
