import { afterAll, describe, expect, test } from 'vitest'
import { reapLeases } from '../../src/jobs/lease/reap-leases.ts'
import { DEFAULT_ATTEMPT_LIMITS } from '../../src/jobs/run/retry.ts'
import { bucket } from '../inventory/write/support.ts'
import { silentLog } from '../support/silent-log.ts'
import { Gate, sends } from './scripted-plugins.ts'
import { openWorkshop, readJob, runToEnd, until } from './support.ts'

const { maxLost } = DEFAULT_ATTEMPT_LIMITS
const workshop = await openWorkshop()
const { db, queue, givenCollector, givenWorker, startJob, takenByVanishedWorker } = workshop
afterAll(workshop.close)

const reaping = { db, queue, log: silentLog, now: () => new Date() }

describe('a worker that vanishes', () => {
  test('is followed by another one, which counts every resource once', async () => {
    const key = await startJob(await givenCollector({ collect: () => sends(bucket({ id: 'a' })) }))
    await takenByVanishedWorker()

    await givenWorker({ lookEveryMs: 50 })
    const { job, task } = await runToEnd(db, key)

    expect(job.status).toBe('SUCCESS')
    expect(task).toMatchObject({ attempt: 2, lostAttempts: 1, createdCount: 1 })
  })

  test('again and again ends the task and its job in the end', async () => {
    const key = await startJob(await givenCollector())
    for (let lost = 0; lost < maxLost; lost++) {
      await takenByVanishedWorker()
      await until(async () => (await reapLeases(reaping)) > 0)
    }

    const { job, task } = await readJob(db, key)
    expect(job.status).toBe('ERROR')
    expect(task).toMatchObject({ status: 'FAILURE', attempt: maxLost })
    expect(task.errors).toMatchObject([{ error_code: 'ERROR_WORKER_LOST' }])
  })
})

describe('a worker that stops', () => {
  test('gives its task back, and the next worker goes on at once', async () => {
    const gate = new Gate()
    let attempts = 0
    const collector = await givenCollector({
      async *collect(_, signal) {
        attempts++
        yield [bucket({ id: 'a' })]
        if (attempts === 1) await gate.pass(signal)
        yield [bucket({ id: 'b' })]
      },
    })
    const worker = await givenWorker({ stopGraceMs: 1 })
    const key = await startJob(collector)
    await gate.reached

    await worker.stop()

    expect((await readJob(db, key)).task).toMatchObject({
      status: 'PENDING',
      attempt: 1,
      failedAttempts: 0,
      lostAttempts: 0,
    })
    await givenWorker()
    const { job, task } = await runToEnd(db, key)
    expect(job.status).toBe('SUCCESS')
    expect(task).toMatchObject({ attempt: 2, createdCount: 2 })
  })

  test('lets a task end that needs only a moment', async () => {
    const gate = new Gate()
    const collector = await givenCollector({
      async *collect(_, signal) {
        await gate.pass(signal)
        yield [bucket({ id: 'a' })]
      },
    })
    const worker = await givenWorker({ stopGraceMs: 60_000 })
    const key = await startJob(collector)
    await gate.reached

    const stopped = worker.stop()
    gate.open()
    await stopped

    expect((await readJob(db, key)).job.status).toBe('SUCCESS')
  })
})
