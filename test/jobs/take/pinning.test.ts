import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { getCollectorSettings, updateCollectorSettings } from '../../../src/collectors/index.ts'
import { giveUpUnserved } from '../../../src/jobs/take/give-up-unserved.ts'
import { pinCollectors } from '../../../src/jobs/take/pin-collectors.ts'
import { noteWorker } from '../../../src/jobs/take/roll-call.ts'
import { takeTask } from '../../../src/jobs/take/take-task.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openWorkshop, readJob, runToEnd } from '../support.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

// Lanes of all domains are looked at, so each test begins with nothing that waits and nobody who lives.
beforeEach(async () => {
  await db.query('delete from job')
  await db.query('delete from worker')
})

const SEES_ITS_MACHINE = { init: () => ({ sees: 'worker' }) }
const [HERE, THERE] = [['machine=here'], ['machine=there']]

type Collector = Awaited<ReturnType<typeof givenCollector>>

async function selectorOf(collector: Collector) {
  return (await getCollectorSettings(context(), collector)).workerSelector
}

async function select(collector: Collector, workerSelector: Record<string, string>): Promise<void> {
  const nothing = { overlapPolicy: undefined, maxParallelTasks: undefined }
  await updateCollectorSettings(context(), collector, { ...nothing, workerSelector })
}

async function ownerOf({ domainId, jobId }: { domainId: string; jobId: string }) {
  const owners = await db.query<{ labels: string[] }>(
    `select w.labels from job_task t join worker w on w.worker_id = t.lease_owner
      where t.domain_id = $1 and t.job_id = $2`,
    [domainId, jobId],
  )
  return owners[0]?.labels
}

describe('a collector whose plugin sees only the machine it runs on', () => {
  test('runs at once on the first worker, and from then on only on its machine', async () => {
    const collector = await givenCollector(SEES_ITS_MACHINE)
    const first = await startJob(collector)
    const worker = await givenWorker({ labels: HERE, lookEveryMs: 50 })
    expect((await runToEnd(db, first)).job.status).toBe('SUCCESS')
    expect(await selectorOf(collector)).toEqual({ machine: 'here' })
    await worker.stop()

    const second = await startJob(collector)
    const elsewhere = { owner: 'w', leaseMs: 60_000, now: new Date(), labels: THERE }
    expect(await takeTask(db, elsewhere)).toBeUndefined()
    await givenWorker({ labels: HERE, lookEveryMs: 50 })
    expect((await runToEnd(db, second)).job.status).toBe('SUCCESS')
  })

  test('is pinned once when two machines want it at the same moment, and keeps what else it selects', async () => {
    const collectors = await Promise.all(Array.from({ length: 6 }, () => givenCollector(SEES_ITS_MACHINE)))
    for (const collector of collectors) await select(collector, { zone: 'a' })
    const jobs = await Promise.all(collectors.map((collector) => startJob(collector)))
    await Promise.all([
      givenWorker({ labels: [...HERE, 'zone=a'], lookEveryMs: 20 }),
      givenWorker({ labels: [...THERE, 'zone=a'], lookEveryMs: 20 }),
      givenWorker({ labels: ['machine=outside', 'zone=b'], lookEveryMs: 20 }),
    ])

    for (const job of jobs) expect((await runToEnd(db, job)).job.status).toBe('SUCCESS')

    for (const collector of collectors)
      expect(await selectorOf(collector)).toEqual({
        zone: 'a',
        machine: expect.stringMatching(/^(here|there)$/),
      })
  })

  test('keeps no worker from others while somebody holds it, and is pinned afterwards', async () => {
    const [held, free] = [await givenCollector(SEES_ITS_MACHINE), await givenCollector(SEES_ITS_MACHINE)]
    for (const collector of [held, free]) await startJob(collector)
    const pin = () => pinCollectors({ db, log: silentLog }, HERE)

    await db.transaction(async (tx) => {
      await tx.query('select 1 from collector where domain_id = $1 for update', [held.domainId])
      await pin()
      expect(await selectorOf(free)).toEqual({ machine: 'here' })
      await tx.query('select 1')
    })

    await pin()
    expect(await selectorOf(held)).toEqual({ machine: 'here' })
  })

  test('goes where a person names the machine, and is pinned anew when the selector is cleared', async () => {
    const collector = await givenCollector(SEES_ITS_MACHINE)
    await select(collector, { machine: 'there' })
    await startJob(collector)
    const take = { owner: 'w', leaseMs: 60_000, now: new Date() }
    expect(await takeTask(db, { ...take, labels: HERE })).toBeUndefined()

    await select(collector, {})
    expect(await takeTask(db, { ...take, labels: THERE })).toBeUndefined()
    await givenWorker({ labels: HERE, lookEveryMs: 20 })
    await expect.poll(() => selectorOf(collector)).toEqual({ machine: 'here' })
  })
})

describe('a task that no live worker may run', () => {
  test('fails after the limit, and says what it needs and what workers there are', async () => {
    const collector = await givenCollector()
    await select(collector, { zone: 'a' })
    const key = await startJob(collector)
    await givenWorker({ labels: ['zone=b', 'gpu=yes'], lookEveryMs: 20, unservedAfterMs: 300 })

    const { job, task } = await runToEnd(db, key)

    expect(job).toMatchObject({ status: 'ERROR', remainedTasks: 0 })
    expect(task).toMatchObject({ status: 'FAILURE', attempt: 0, errors: [{ error_code: 'ERROR_NO_WORKER' }] })
    expect(task.errors[0]?.message).toMatch(/worker_selector, \{zone=a\}.*\{zone=b, gpu=yes\}/)
  })

  test('waits on when one that may run it lives, however busy it is, and while there is none that looks', async () => {
    const collector = await givenCollector()
    await select(collector, { zone: 'a' })
    const key = await startJob(collector)
    const deps = { db, log: silentLog, now: () => new Date() }
    await noteWorker(db, { id: 'busy', labels: ['zone=a'] })
    expect(await giveUpUnserved(deps, 0)).toBe(0)

    await db.query(`update worker set seen_at = now() - interval '1 minute'`)
    await db.query(
      `update lane set unserved_since = now() - interval '1 hour', unserved_seen_at = now() - interval '1 hour'`,
    )
    await db.query(`update job_task set created_at = now() - interval '1 hour'`)
    expect(await giveUpUnserved(deps, 60_000)).toBe(0)
    expect((await readJob(db, key)).task.status).toBe('PENDING')

    expect(await giveUpUnserved(deps, 0)).toBe(1)
    expect((await readJob(db, key)).job.status).toBe('ERROR')
  })

  test('of a pinned collector fails when its machine does not come back', async () => {
    const collector = await givenCollector(SEES_ITS_MACHINE)
    await select(collector, { machine: 'gone' })
    const key = await startJob(collector)
    await givenWorker({ labels: HERE, lookEveryMs: 20, unservedAfterMs: 300 })

    const { task } = await runToEnd(db, key)

    expect(task.errors[0]?.message).toMatch(/\{machine=gone\}.*\{machine=here\}/)
    expect(await ownerOf(key)).toBeUndefined()
  })
})
