import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, describe, expect, test } from 'vitest'
import { LeaseLost } from '../../../src/jobs/lease/lease-lost.ts'
import { MAX_PARTS } from '../../../src/jobs/run/plan-parts.ts'
import { splitTask } from '../../../src/jobs/run/split-task.ts'
import { bucket } from '../../inventory/write/support.ts'
import { Gate, pluginFailure, sends } from '../scripted-plugins.ts'
import { type JobKey, namesIn, openWorkshop, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { db, givenCollector, givenWorker, startJob, takenByVanishedWorker } = workshop
afterAll(workshop.close)

const REGIONS = ['eu-1', 'eu-2', 'us-1']
const byRegion = () => REGIONS.map((region) => ({ region }))

/** Sends one bucket named after the part it is asked for. */
function bucketOf({ taskOptions = {} }: { taskOptions?: JsonObject }) {
  return sends(bucket({ id: String(taskOptions.region ?? 'all') }))
}

describe('a plugin that splits its work', () => {
  test('gets one call for each part, in its own order and one after the other', async () => {
    const calls: unknown[] = []
    let running = 0
    const collector = await givenCollector({
      init: () => ({ filter_format: [{ key: 'team' }] }),
      getTasks: ({ options, filter }) => {
        calls.push({ options, filter })
        return byRegion()
      },
      async *collect(call) {
        calls.push(call.taskOptions)
        expect(++running).toBe(1)
        yield* bucketOf(call)
        running--
      },
    })
    await givenWorker({ capacity: 4, lookEveryMs: 50 })

    const key = await startJob(collector, { filter: { team: 'ops' } })
    const { job, tasks } = await runToEnd(db, key)

    expect(calls).toEqual([{ options: {}, filter: { team: 'ops' } }, ...byRegion()])
    expect(job).toMatchObject({ status: 'SUCCESS', totalTasks: 3, remainedTasks: 0 })
    expect(tasks.map(({ status, createdCount }) => [status, createdCount])).toEqual(
      REGIONS.map(() => ['SUCCESS', 1]),
    )
    expect(await namesIn(db, collector.domainId)).toEqual(REGIONS)
    const runs = await db.query(
      'select count(distinct contributor_id) as contributors, count(*) as runs, bool_and(complete) as complete from run where domain_id = $1',
      [collector.domainId],
    )
    expect(runs).toEqual([{ contributors: 1, runs: 3, complete: true }])
  })

  test('sees its resources unchanged the second time, whichever part brings them', async () => {
    const collector = await givenCollector({ getTasks: byRegion, collect: bucketOf })
    await givenWorker({ lookEveryMs: 50 })
    await runToEnd(db, await startJob(collector))

    const { tasks } = await runToEnd(db, await startJob(collector))

    expect(tasks.map(({ createdCount, unchangedCount }) => [createdCount, unchangedCount])).toEqual(
      REGIONS.map(() => [0, 1]),
    )
  })

  test('has its counts right at every moment', async () => {
    const collector = await givenCollector({ getTasks: byRegion, collect: bucketOf })
    const key = await startJob(collector)
    await givenWorker({ lookEveryMs: 50 })

    await until(async () => {
      const counts = await countTasks(key)
      expect(counts.totalTasks).toBe(counts.tasks)
      expect(counts.remainedTasks).toBe(counts.open)
      return counts.tasks === 3 && counts.open === 0
    })
  })

  test('reads all its parts before a job that was started later for the same secret', async () => {
    const order: unknown[] = []
    const gate = new Gate()
    let jobs = 0
    const collector = await givenCollector({
      getTasks: async () => {
        jobs++
        if (jobs === 1) await gate.pass(new AbortController().signal)
        return [{ part: `${jobs}a` }, { part: `${jobs}b` }]
      },
      collect: ({ taskOptions }) => {
        order.push(taskOptions?.part)
        return sends()
      },
    })
    await givenWorker({ lookEveryMs: 50 })
    await startJob(collector)
    await gate.reached
    const second = await startJob(collector)
    gate.open()

    await runToEnd(db, second)

    expect(order).toEqual(['1a', '1b', '2a', '2b'])
    const runs = await db.query<{ job: number }>(
      `select dense_rank() over (order by j.seq)::int as job
         from run r join job_task t using (domain_id, job_task_id) join job j using (domain_id, job_id)
        where r.domain_id = $1 order by r.task_seq`,
      [collector.domainId],
    )
    expect(runs.map(({ job }) => job)).toEqual([1, 1, 2, 2])
  })

  test('is asked once, also when a part is tried again', async () => {
    let asked = 0
    let calls = 0
    const collector = await givenCollector({
      getTasks: () => {
        asked++
        return byRegion()
      },
      async *collect(call) {
        if (++calls === 1) throw pluginFailure(true)
        yield* bucketOf(call)
      },
    })
    await givenWorker({ lookEveryMs: 50 })

    const { job, tasks } = await runToEnd(db, await startJob(collector))

    expect(job.status).toBe('SUCCESS')
    expect(tasks.map(({ attempt }) => attempt)).toEqual([2, 1, 1])
    expect(asked).toBe(1)
  })
})

describe('splitting', () => {
  test('by an attempt that has lost its lease changes nothing', async () => {
    const key = await startJob(await givenCollector())
    const old = await takenByVanishedWorker(60_000)
    await db.query('update job_task set attempt = attempt + 1 where domain_id = $1', [key.domainId])

    const parts = { first: { part: 1 }, others: [{ part: 2 }] }
    const split = splitTask(db, old, { ...parts, epoch: 'scope.means', at: new Date() })

    await expect(split).rejects.toThrow(LeaseLost)
    expect(await countTasks(key)).toEqual({ totalTasks: 1, remainedTasks: 1, tasks: 1, open: 1 })
  })

  test('into nothing ends the task at once, and proves nothing', async () => {
    let isCalled = false
    const collector = await givenCollector({
      getTasks: () => [],
      collect: () => {
        isCalled = true
        return sends()
      },
    })
    await givenWorker()

    const { job } = await runToEnd(db, await startJob(collector))

    expect(job.status).toBe('SUCCESS')
    expect(isCalled).toBe(false)
    const runs = await db.query('select complete from run where domain_id = $1', [collector.domainId])
    expect(runs).toEqual([{ complete: false }])
  })

  test('into more parts than there may be fails the task, and says so', async () => {
    const collector = await givenCollector({
      getTasks: () => Array.from({ length: MAX_PARTS + 1 }, (_, part) => ({ part })),
    })
    await givenWorker()

    const { job, task } = await runToEnd(db, await startJob(collector))

    expect(job).toMatchObject({ status: 'ERROR', totalTasks: 1 })
    expect(task.errors).toMatchObject([
      { error_code: 'ERROR_TOO_MANY_TASKS', message: expect.stringContaining('1001 parts') },
    ])
  })

  test('that the plugin cannot do fails the task with the reason', async () => {
    const collector = await givenCollector({
      getTasks: () => Promise.reject(pluginFailure(false, 'ERROR_AUTHENTICATE_FAILURE', 'get_tasks')),
    })
    await givenWorker()

    const { task } = await runToEnd(db, await startJob(collector))

    expect(task).toMatchObject({ status: 'FAILURE', errors: [{ error_code: 'ERROR_AUTHENTICATE_FAILURE' }] })
  })
})

async function countTasks({ domainId, jobId }: JobKey) {
  const [counts] = await db.query<{ totalTasks: number; remainedTasks: number; tasks: number; open: number }>(
    `select j.total_tasks, j.remained_tasks, count(*) as tasks,
            count(*) filter (where t.status in ('PENDING', 'IN_PROGRESS')) as open
       from job j join job_task t using (domain_id, job_id)
      where j.domain_id = $1 and j.job_id = $2 group by j.total_tasks, j.remained_tasks`,
    [domainId, jobId],
  )
  if (counts === undefined) throw new Error(`no job '${jobId}'`)
  return counts
}
