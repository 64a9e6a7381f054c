import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { cancelJob, PartThread } from '../../../src/jobs/index.ts'
import type { PartThreadData } from '../../../src/part-thread.ts'
import { bucket } from '../../inventory/write/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { Gate, pluginFailure, sends } from '../scripted-plugins.ts'
import { namesIn, openWorkshop, readJob, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { db, connection, context, givenCollector, startJob } = workshop
const shared = new PartThread({
  program: new URL('../../../src/part-thread.ts', pathToFileURL(import.meta.filename)),
  data: { connection, maxConnections: 4 } satisfies PartThreadData,
  log: silentLog,
})
afterAll(async () => {
  await shared.stop()
  await workshop.close()
})

const PROGRAM = new URL('../../../src/part-thread.ts', pathToFileURL(import.meta.filename))
const many = (count: number) => Array.from({ length: count }, (_, at) => bucket({ id: `b${at}` }))

describe('resources that are stored in a thread of their own', () => {
  test('are stored, counted and judged as in this one', async () => {
    const collector = await givenCollector({ collect: () => sends(...many(3_000)) })
    const worker = await givenThreadedWorker()

    const { task } = await runToEnd(db, await startJob(collector))
    expect(task).toMatchObject({ status: 'SUCCESS', createdCount: 3_000, errors: [] })
    expect((await namesIn(db, collector.domainId)).length).toBe(3_000)
    const again = await runToEnd(db, await startJob(collector))
    expect(again.task).toMatchObject({ status: 'SUCCESS', createdCount: 0, unchangedCount: 3_000 })
    expect(worker.progress().totals.resources).toMatchObject({ created: 3_000, unchanged: 3_000 })
  })

  test('are told of again when what was known of them ended while the task was being prepared', async () => {
    let jobs = 0
    const collector = await givenCollector({
      async getTasks() {
        if (++jobs > 1) await db.query('delete from contribution where domain_id = $1', [collector.domainId])
        return [{}]
      },
      collect: () => sends(...many(3)),
    })
    await givenThreadedWorker()
    await runToEnd(db, await startJob(collector))

    const { task } = await runToEnd(db, await startJob(collector))
    expect(task).toMatchObject({ status: 'SUCCESS', unchangedCount: 3 })
    const claims = await db.query('select 1 from contribution where domain_id = $1', [collector.domainId])
    expect(claims).toHaveLength(3)
  })

  test('may be larger than what goes over at once', async () => {
    const large = bucket({ id: 'large', data: { text: 'x'.repeat(700_000) } })
    const collector = await givenCollector({ collect: () => sends(...many(5), large, ...many(5)) })
    await givenThreadedWorker()

    expect((await runToEnd(db, await startJob(collector))).task).toMatchObject({ createdCount: 6 })
  })

  test('stay when the plugin fails, whose own words are told', async () => {
    const collector = await givenCollector({
      async *collect() {
        yield many(10)
        throw pluginFailure(false, 'ERROR_QUOTA')
      },
    })
    await givenThreadedWorker()

    const { task } = await runToEnd(db, await startJob(collector))
    expect(task).toMatchObject({ status: 'FAILURE', createdCount: 10 })
    expect(task.errors).toMatchObject([{ error_code: 'ERROR_QUOTA' }])
  })

  test('are no longer asked for when the job is canceled', async () => {
    const gate = new Gate()
    const collector = await givenCollector({
      async *collect(_, signal) {
        yield many(2)
        await gate.pass(signal)
      },
    })
    const worker = await givenThreadedWorker()
    const key = await startJob(collector)
    await until(async () => (await readJob(db, key)).task.createdCount === 2)

    await cancelJob(context(), key)
    await until(async () => worker.progress().runningTasks === 0)
    expect((await readJob(db, key)).task).toMatchObject({ status: 'CANCELED', createdCount: 2 })
  })

  test('leave the plugin alone when the task has moved on, also while it is silent', async () => {
    const gate = new Gate()
    let hasBegun = false
    let hasLeft = false
    const collector = await givenCollector({
      async *collect(_, signal) {
        hasBegun = true
        try {
          await gate.pass(signal)
          yield many(2)
          await new Gate().pass(signal)
        } finally {
          hasLeft = true
        }
      },
    })
    const worker = await givenThreadedWorker({ renewEveryMs: 60_000, leaseMs: 120_000 })
    const key = await startJob(collector)
    // Before that the worker would notice it by itself and not call the plugin at all.
    await until(async () => hasBegun)
    await db.query('update job_task set attempt = attempt + 1 where domain_id = $1', [key.domainId])
    gate.open()

    await until(async () => hasLeft)
    await until(async () => worker.progress().totals.leasesLost === 1)
    expect(await namesIn(db, key.domainId)).toEqual([])
  })

  test('are tried again when the thread dies', async () => {
    const dying = new URL('data:text/javascript,setTimeout(() => process.exit(1), 100)')
    const thread = givenThread(dying)
    let times = 0
    const collector = await givenCollector({ collect: () => sends(...many(3)) })
    await workshop.givenWorker({ lookEveryMs: 100 }, undefined, undefined, {
      storePart: (...part) => (times++ === 0 ? thread : shared).store(...part),
      expectPart: shared.expect,
    })

    const { task } = await runToEnd(db, await startJob(collector))
    expect(task).toMatchObject({ status: 'SUCCESS', attempt: 2, createdCount: 3 })
  })
})

test('the thread ends when it has had nothing to do for a while, and begins again', async () => {
  const collector = await givenCollector({ collect: () => sends(...many(3)) })
  const thread = givenThread(PROGRAM, 50)
  await workshop.givenWorker({}, undefined, undefined, inThread(thread))
  await runToEnd(db, await startJob(collector))
  await until(async () => !thread.isRunning)

  const { task } = await runToEnd(db, await startJob(collector))
  expect(task).toMatchObject({ status: 'SUCCESS', unchangedCount: 3 })
  await until(async () => !thread.isRunning)
})

function inThread({ store, expect }: PartThread) {
  return { storePart: store, expectPart: expect }
}

function givenThread(program: URL, idleMs = 30_000): PartThread {
  const data: PartThreadData = { connection, maxConnections: 4 }
  const thread = new PartThread({ program, data, log: silentLog, idleMs })
  onTestFinished(() => thread.stop())
  return thread
}

async function givenThreadedWorker(settings: Parameters<typeof workshop.givenWorker>[0] = {}) {
  return await workshop.givenWorker(settings, undefined, undefined, inThread(shared))
}
