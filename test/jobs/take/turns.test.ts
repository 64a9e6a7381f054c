import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { updateCollectorSettings } from '../../../src/collectors/index.ts'
import { finishTask } from '../../../src/jobs/end/finish-task.ts'
import { findLanes } from '../../../src/jobs/take/lanes.ts'
import { type TakeOptions, takeTask } from '../../../src/jobs/take/take-task.ts'
import type { TakenTask } from '../../../src/jobs/task.ts'
import { openWorkshop } from '../support.ts'

const workshop = await openWorkshop()
const { context, db, plugins, givenCollector, startJob } = workshop
afterAll(workshop.close)

type Collector = Awaited<ReturnType<typeof givenCollector>>

// Limits and turns look at all domains of the database, so each test begins with nothing that waits or runs.
beforeEach(async () => {
  await db.query('delete from job')
})

function take(options: Partial<TakeOptions> = {}) {
  return takeTask(db, { owner: 'w', leaseMs: 60_000, now: new Date(), ...options })
}

async function takeAll(options: Partial<TakeOptions> = {}): Promise<TakenTask[]> {
  const taken: TakenTask[] = []
  for (let task = await take(options); task !== undefined; task = await take(options)) taken.push(task)
  return taken
}

async function finish(task: TakenTask): Promise<void> {
  await finishTask(db, task, { status: 'SUCCESS', complete: true, at: new Date() })
}

/** Gives the one job of a collector as many tasks as that, each of a secret of its own. */
async function giveTasks({ domainId, collectorId }: Collector, count: number): Promise<void> {
  await db.query(
    `insert into contributor (domain_id, collector_id, secret_id)
     select $1, $2, 'secret-' || n from generate_series(2, $3::int) n`,
    [domainId, collectorId, count],
  )
  await db.query(
    `insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, status, created_at, lane_id)
     select t.domain_id, 'job_task-' || c.contributor_id, t.job_id, t.collector_id, c.contributor_id, c.secret_id, 'PENDING',
            now(), t.lane_id
       from job_task t join contributor c on c.domain_id = t.domain_id and c.secret_id <> ''
      where t.domain_id = $1`,
    [domainId],
  )
  await db.query('update job set total_tasks = $2, remained_tasks = $2 where domain_id = $1', [
    domainId,
    count,
  ])
}

async function givenTasks(count: number, collector?: Collector): Promise<Collector> {
  const made = collector ?? (await givenCollector())
  await startJob(made)
  await giveTasks(made, count)
  return made
}

describe('a domain that floods the queue', () => {
  test('leaves another its share of one place: 10 tasks behind 10,000 wait for 10 of them', async () => {
    const flooding = await givenTasks(10_000)
    const other = await givenTasks(10)

    const served: string[] = []
    while (served.filter((domainId) => domainId === other.domainId).length < 10) {
      const task = await take()
      if (task === undefined) throw new Error('nothing to take')
      served.push(task.domainId)
      await finish(task)
    }

    expect(served.filter((domainId) => domainId === flooding.domainId).length).toBeLessThanOrEqual(11)
  })

  test('has no more places than another that wants some too', async () => {
    const flooding = await givenTasks(100)
    const before = [await take(), await take(), await take(), await take()]
    expect(before.map((task) => task?.domainId)).toEqual(Array(4).fill(flooding.domainId))
    const other = await givenTasks(10)

    const next = [await take(), await take(), await take(), await take()]

    expect(next.map((task) => task?.domainId)).toEqual(Array(4).fill(other.domainId))
  })
})

describe('a limit', () => {
  test('of tasks per domain and per provider holds over all workers', async () => {
    const [first, second] = [await givenTasks(5), await givenTasks(5)]

    const perDomain = await takeAll({ limits: { perDomain: 2, perProvider: 0 } })
    expect(countBy(perDomain)).toEqual({ [first.domainId]: 2, [second.domainId]: 2 })

    const [some] = perDomain
    if (some !== undefined) await finish(some)
    expect(await takeAll({ limits: { perDomain: 0, perProvider: 4 } })).toHaveLength(1)
  })

  test('that takers reach at the same moment is not passed', async () => {
    await givenTasks(20)

    const takes = Array.from({ length: 12 }, () => take({ limits: { perDomain: 3, perProvider: 0 } }))

    expect((await Promise.all(takes)).filter((task) => task !== undefined)).toHaveLength(3)
  })

  test('that a plugin names as its concurrency holds over all domains', async () => {
    const pluginId = plugins.add({ init: () => ({ concurrency: 2 }) })
    for (let domain = 0; domain < 2; domain++) await givenTasks(3, await givenCollector({}, { pluginId }))
    await givenTasks(1)

    const taken = await takeAll()

    expect(taken.filter((task) => task.collector?.pluginId === pluginId)).toHaveLength(2)
    expect(taken).toHaveLength(3)
  })

  test('that two collectors of a lane name differently, as long as one of them has not upgraded, leaves a lane for both', async () => {
    const pluginId = plugins.add({ init: () => ({ concurrency: 2 }) })
    const old = await givenCollector({}, { pluginId })
    const { domainId } = old
    const collectorId = 'collector-000000000002'
    await db.query(
      `insert into collector (domain_id, collector_id, name, state, priority, is_public, plugin_id, plugin_version,
                              upgrade_mode, plugin_metadata, provider, created_at)
       select domain_id, $2, 'new', state, priority, is_public, plugin_id, plugin_version, upgrade_mode, $3, provider, now()
         from collector where domain_id = $1`,
      [domainId, collectorId, { concurrency: 3 }],
    )

    const lanes = await db.transaction((tx) => findLanes(tx, [old, { domainId, collectorId }]))

    expect(lanes).toEqual([expect.any(Number), lanes[0]])
  })

  test('of a collector holds for that one alone, and changes for tasks that wait', async () => {
    const [limited, free] = [await givenTasks(4), await givenTasks(4)]
    await changeSettings(limited, { maxParallelTasks: 1 })

    expect(countBy(await takeAll())).toEqual({ [limited.domainId]: 1, [free.domainId]: 4 })

    await changeSettings(limited, { maxParallelTasks: 0 })
    expect(countBy(await takeAll())).toEqual({ [limited.domainId]: 3 })
  })
})

test('a worker takes only tasks whose selector its labels meet', async () => {
  const [near, anywhere] = [await givenTasks(1), await givenTasks(1)]
  await changeSettings(near, { workerSelector: { zone: 'a', gpu: 'yes' } })

  expect(countBy(await takeAll({ labels: ['zone=a', 'disk=big'] }))).toEqual({ [anywhere.domainId]: 1 })
  expect(countBy(await takeAll({ labels: ['zone=a', 'disk=big', 'gpu=yes'] }))).toEqual({
    [near.domainId]: 1,
  })
})

async function changeSettings(
  collector: Collector,
  change: Partial<Parameters<typeof updateCollectorSettings>[2]>,
): Promise<void> {
  const nothing = { overlapPolicy: undefined, workerSelector: undefined, maxParallelTasks: undefined }
  await updateCollectorSettings(context(), collector, { ...nothing, ...change })
}

function countBy(tasks: readonly TakenTask[]): Record<string, number> {
  const groups = Map.groupBy(tasks, ({ domainId }) => domainId)
  return Object.fromEntries([...groups].map(([domainId, group]) => [domainId, group.length]))
}
