import { afterAll, describe, expect, test } from 'vitest'
import { Unavailable } from '../../src/core/errors.ts'
import { reapLeases } from '../../src/jobs/lease/reap-leases.ts'
import { DEFAULT_ATTEMPT_LIMITS } from '../../src/jobs/run/retry.ts'
import { PluginError } from '../../src/plugins/index.ts'
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

describe('a database without room', () => {
  const room = (problem: () => string | undefined) => ({ note: () => {}, problem: async () => problem() })

  test('lets tasks wait, and they run when it has some again', async () => {
    const key = await startJob(await givenCollector({ collect: () => sends(bucket({ id: 'a' })) }))
    let asked = 0
    const full = room(() => (++asked < 5 ? 'the disk is full' : undefined))
    await givenWorker({ lookEveryMs: 20 }, undefined, undefined, { room: full })

    const { task } = await runToEnd(db, key)

    expect(asked).toBeGreaterThanOrEqual(5)
    expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, lostAttempts: 0 })
  })

  test('gets running tasks back with the reason, and they go on when it has some again', async () => {
    const gate = new Gate()
    let attempts = 0
    let problem: string | undefined
    const collector = await givenCollector({
      async *collect(_, signal) {
        yield [bucket({ id: 'a' })]
        if (++attempts === 1) await gate.pass(signal)
      },
    })
    const key = await startJob(collector)
    await givenWorker({ lookEveryMs: 20 }, undefined, undefined, { room: room(() => problem) })
    await gate.reached

    problem = 'the disk is full: free some space'
    await until(async () => (await readJob(db, key)).task.status === 'PENDING')

    const [waiting] = await db.query('select last_failure, lost_attempts from job_task where job_id = $1', [
      key.jobId,
    ])
    expect(waiting).toEqual({
      lastFailure: 'ERROR_DATABASE_FULL: the disk is full: free some space',
      lostAttempts: 1,
    })
    problem = undefined
    const { task } = await runToEnd(db, key)
    expect(task).toMatchObject({ status: 'SUCCESS', attempt: 2, createdCount: 1, failedAttempts: 0 })
  })

  test('hears of failures that only the attempt knows', async () => {
    const noted: unknown[] = []
    const full = new Unavailable('ERROR_DATABASE_FULL', 'its disk is full')
    const storePart = async () => {
      if (noted.length === 0) throw full
    }
    const key = await startJob(await givenCollector())
    const watch = { note: (failure: unknown) => noted.push(failure), problem: async () => undefined }
    await givenWorker({ lookEveryMs: 20 }, undefined, undefined, { storePart, room: watch })
    await runToEnd(db, key)
    expect(noted).toEqual([full])
  })

  test('does not hear of it from a plugin, which says what it likes', async () => {
    const noted: unknown[] = []
    const collector = await givenCollector({
      // biome-ignore lint/correctness/useYield: it fails before it sends anything
      async *collect() {
        const said = { code: 'ERROR_DATABASE_FULL', kind: 'unavailable', retryable: false } as const
        throw new PluginError({ pluginId: 'plugin-x', during: 'Collect', message: 'full', ...said })
      },
    })
    const watch = { note: (failure: unknown) => noted.push(failure), problem: async () => undefined }
    await givenWorker({ lookEveryMs: 20 }, undefined, undefined, { room: watch })
    const { task } = await runToEnd(db, await startJob(collector))
    expect([task.status, noted]).toEqual(['FAILURE', []])
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
