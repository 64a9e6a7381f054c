import { afterAll, describe, expect, test } from 'vitest'
import { getJobProgress } from '../../../src/jobs/index.ts'
import { bucket, region } from '../../inventory/write/support.ts'
import { patiently } from '../../support/patiently.ts'
import { Gate, pluginFailure, sends } from '../scripted-plugins.ts'
import { namesIn, openWorkshop, readJob, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { db, context, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

describe('a job', () => {
  test('runs to its end, and job, task and progress agree', async () => {
    const collector = await givenCollector({
      collect: () => sends(region('eu-1'), bucket({ id: 'a' }), bucket({ id: 'b' })),
    })
    await givenWorker()

    const key = await startJob(collector)
    const { job, task } = await runToEnd(db, key)

    expect(job).toMatchObject({ status: 'SUCCESS', totalTasks: 1, remainedTasks: 0 })
    expect(task).toMatchObject({
      status: 'SUCCESS',
      attempt: 1,
      createdCount: 2,
      failureCount: 0,
      errors: [],
    })
    expect(await namesIn(db, key.domainId)).toEqual(['a', 'b'])
    expect(await getJobProgress(context(), key)).toMatchObject({
      status: 'SUCCESS',
      finished: true,
      partial: false,
      tasks: [
        { status: 'SUCCESS', attempt: 1, seenCount: 2, createdCount: 2, regionCount: 1, messagesRead: 3 },
      ],
    })
    const [row] = await db.query<{ lastCollectedAt: Date }>(
      'select last_collected_at from collector where domain_id = $1',
      [key.domainId],
    )
    expect(row?.lastCollectedAt).toEqual(job.finishedAt)
    expect(workshop.plugins.openConnections).toBe(0)
  })

  test('sees everything unchanged the second time', async () => {
    const collector = await givenCollector({ collect: () => sends(bucket({ id: 'a' })) })
    await givenWorker()
    await runToEnd(db, await startJob(collector))

    const { task } = await runToEnd(db, await startJob(collector))

    expect(task).toMatchObject({ status: 'SUCCESS', createdCount: 0, updatedCount: 0, unchangedCount: 1 })
  })

  test('shows its progress while it runs', async () => {
    const gate = new Gate()
    const collector = await givenCollector({
      async *collect(_, signal) {
        yield [bucket({ id: 'a' }), bucket({ id: 'b' })]
        await gate.pass(signal)
        yield [bucket({ id: 'c' })]
      },
    })
    await givenWorker()
    const key = await startJob(collector)

    await until(async () => (await readJob(db, key)).task.createdCount === 2)
    expect(await getJobProgress(context(), key)).toMatchObject({
      status: 'IN_PROGRESS',
      finished: false,
      tasks: [{ status: 'IN_PROGRESS', seenCount: 2, finishedAt: '' }],
    })
    gate.open()
    expect((await runToEnd(db, key)).task.createdCount).toBe(3)
  })

  test('brings filter, options and mode to the plugin', async () => {
    const calls: unknown[] = []
    const collector = await givenCollector(
      {
        init: () => ({ filter_format: [{ key: 'region', type: 'list' }] }),
        collect: (call) => {
          calls.push({ options: call.options, filter: call.filter })
          return sends(bucket({ id: 'a' }))
        },
      },
      { pluginOptions: { depth: 2 } },
    )
    await givenWorker()

    const key = await startJob(collector, { filter: { region: ['eu-1'] }, collectMode: 'UPDATE' })
    await runToEnd(db, key)

    expect(calls).toEqual([{ options: { depth: 2 }, filter: { region: ['eu-1'] } }])
    expect(await namesIn(db, key.domainId)).toEqual([])
  })
})

describe('a plugin that fails', () => {
  test('mid-stream ends the job in ERROR; what it sent is kept and counted', async () => {
    const collector = await givenCollector({
      async *collect() {
        yield [bucket({ id: 'a' }), bucket({ id: 'b' })]
        throw pluginFailure(false, 'ERROR_AUTHENTICATE_FAILURE')
      },
    })
    await givenWorker()

    const key = await startJob(collector)
    const { job, task } = await runToEnd(db, key)

    expect(job.status).toBe('ERROR')
    expect(task).toMatchObject({ status: 'FAILURE', attempt: 1, createdCount: 2 })
    expect(task.errors).toMatchObject([{ error_code: 'ERROR_AUTHENTICATE_FAILURE' }])
    expect(await namesIn(db, key.domainId)).toEqual(['a', 'b'])
    expect(await getJobProgress(context(), key)).toMatchObject({ partial: true, finished: true })
    const [run] = await db.query('select complete, seen_count from run where domain_id = $1', [key.domainId])
    expect(run).toEqual({ complete: false, seenCount: 2 })
  })

  test('on one resource makes the task FAILURE although the stream ended well', async () => {
    const collector = await givenCollector({
      collect: () => sends(bucket({ id: 'a' }), bucket({ id: 'b', rule: [] })),
    })
    await givenWorker()

    const { job, task } = await runToEnd(db, await startJob(collector))

    expect(job.status).toBe('ERROR')
    expect(task).toMatchObject({ status: 'FAILURE', createdCount: 1, failureCount: 1 })
    expect(task.errors).toHaveLength(1)
  })

  test('in a way that passes is asked again, and each resource counts once', async () => {
    let calls = 0
    const collector = await givenCollector({
      async *collect() {
        calls++
        yield [bucket({ id: 'a' }), bucket({ id: 'broken', rule: [] })]
        if (calls === 1) throw pluginFailure(true)
        yield [bucket({ id: 'b' })]
      },
    })
    await givenWorker()

    const key = await startJob(collector)
    await until(async () => (await readJob(db, key)).task.failedAttempts === 1)
    await makeDue(key.domainId)
    const { job, task } = await runToEnd(db, key)

    expect(calls).toBe(2)
    expect(task).toMatchObject({ attempt: 2, createdCount: 2, unchangedCount: 0, failureCount: 1 })
    expect(task.errors).toHaveLength(1)
    expect(job.status).toBe('ERROR')
    expect((await getJobProgress(context(), key)).tasks?.[0]?.warnings).toEqual([
      'One attempt before this one failed and was repeated.',
    ])
  })

  test('again and again is given up after three attempts', async () => {
    const collector = await givenCollector({
      // biome-ignore lint/correctness/useYield: a stream that fails before it sends anything
      async *collect() {
        throw pluginFailure(true)
      },
    })
    await givenWorker({ lookEveryMs: 50 })

    const key = await startJob(collector)
    await until(async () => {
      await makeDue(key.domainId)
      return (await readJob(db, key)).job.finishedAt !== null
    })

    const { job, task } = await readJob(db, key)
    expect(job.status).toBe('ERROR')
    expect(task).toMatchObject({ status: 'FAILURE', attempt: 3 })
    expect(task.errors[0]?.message).toContain('after 3 attempts')
  })

  test('without an end is ended by the time limit', async () => {
    const collector = await givenCollector({
      async *collect(_, signal) {
        yield [bucket({ id: 'a' })]
        await new Gate().pass(signal)
      },
    })

    await patiently(1_000, async (taskTimeoutMs) => {
      const worker = await givenWorker({ taskTimeoutMs })
      const { job, task } = await runToEnd(db, await startJob(collector))
      await worker.stop()

      expect(job.status).toBe('TIMEOUT')
      expect(task).toMatchObject({ status: 'CANCELED', timedOut: true })
      expect(task.errors).toMatchObject([
        {
          error_code: 'ERROR_JOB_TASK_TIMEOUT',
          message: expect.stringContaining('GLEANER_TASK_TIMEOUT_SECONDS'),
        },
      ])
      // What was read within the time, if so much was.
      expect(await namesIn(db, collector.domainId)).toEqual(['a'])
    })
  })
})

describe('several jobs', () => {
  test('of one collector run one after the other, in their order', async () => {
    const gate = new Gate()
    let running = 0
    let most = 0
    const collector = await givenCollector({
      async *collect(_, signal) {
        most = Math.max(most, ++running)
        await gate.pass(signal)
        yield [bucket({ id: 'a' })]
        running--
      },
    })
    await givenWorker({ lookEveryMs: 50 })
    await givenWorker({ lookEveryMs: 50 })

    const keys = [await startJob(collector), await startJob(collector), await startJob(collector)]
    await gate.reached
    const waiting = await Promise.all(keys.map((key) => readJob(db, key)))
    gate.open()
    const ended = await Promise.all(keys.map((key) => runToEnd(db, key)))

    expect(waiting.map(({ job, task }) => [job.status, task.status])).toEqual([
      ['IN_PROGRESS', 'IN_PROGRESS'],
      ['IN_PROGRESS', 'PENDING'],
      ['IN_PROGRESS', 'PENDING'],
    ])
    expect(most).toBe(1)
    const ends = ended.map(({ task }) => task.finishedAt?.getTime() ?? 0)
    expect(ends).toEqual(ends.toSorted((a, b) => a - b))
    expect(ended.map(({ task }) => [task.createdCount, task.unchangedCount])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
    ])
  })

  test('of several collectors run at the same time, up to the capacity', async () => {
    const gates = [new Gate(), new Gate(), new Gate()]
    const collectors = await Promise.all(
      gates.map((gate) =>
        givenCollector({
          async *collect(_, signal) {
            await gate.pass(signal)
            yield [bucket({ id: 'a' })]
          },
        }),
      ),
    )
    const worker = await givenWorker({ capacity: 2, lookEveryMs: 50 })
    const keys = []
    for (const collector of collectors) keys.push(await startJob(collector))

    await Promise.all([gates[0]?.reached, gates[1]?.reached])
    expect(worker.progress().runningTasks).toBe(2)
    expect((await Promise.all(keys.map((key) => readJob(db, key)))).map(({ task }) => task.status)).toEqual([
      'IN_PROGRESS',
      'IN_PROGRESS',
      'PENDING',
    ])
    for (const gate of gates) gate.open()
    for (const key of keys) expect((await runToEnd(db, key)).job.status).toBe('SUCCESS')
  })
})

async function makeDue(domainId: string): Promise<void> {
  await db.query("update job_task set due_at = now() where domain_id = $1 and status = 'PENDING'", [domainId])
}
