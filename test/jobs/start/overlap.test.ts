import { afterAll, describe, expect, test } from 'vitest'
import { updateCollectorSettings } from '../../../src/collectors/index.ts'
import { cancelJob } from '../../../src/jobs/index.ts'
import { decideOverlap, MAX_OPEN_JOBS, OVERLAP_POLICIES } from '../../../src/jobs/start/overlap.ts'
import { bucket } from '../../inventory/write/support.ts'
import { Gate, sends } from '../scripted-plugins.ts'
import { openWorkshop, readJob, runToEnd } from '../support.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

type Collector = Awaited<ReturnType<typeof givenCollector>>

async function setPolicy(collector: Collector, overlapPolicy: string) {
  await updateCollectorSettings(context(), collector, {
    overlapPolicy,
    workerSelector: undefined,
    maxParallelTasks: undefined,
  })
}

async function statusesOf({ domainId }: Collector): Promise<string[]> {
  const jobs = await db.query<{ status: string }>(
    'select status from job where domain_id = $1 order by seq',
    [domainId],
  )
  return jobs.map(({ status }) => status)
}

/** A collector whose first run waits at a gate. */
async function givenSlowCollector(policy: string) {
  const gate = new Gate()
  let runs = 0
  const collector = await givenCollector({
    async *collect(_, signal) {
      if (++runs === 1) await gate.pass(signal)
      yield* sends(bucket({ id: 'a' }))
    },
  })
  await setPolicy(collector, policy)
  return { collector, gate, runs: () => runs }
}

describe('a job that is started while another of its collector is open', () => {
  test('is not started under SKIP, and the caller learns which one is', async () => {
    const { collector } = await givenSlowCollector('SKIP')
    const first = await startJob(collector)

    await expect(startJob(collector)).rejects.toMatchObject({
      kind: 'failed_precondition',
      code: 'ERROR_JOB_OVERLAP',
      message: expect.stringContaining(first.jobId),
    })

    await cancelJob(context(), first)
    const second = await startJob(collector)
    expect(await statusesOf(collector)).toEqual(['CANCELED', 'IN_PROGRESS'])
    await cancelJob(context(), second)
  })

  test('waits as CREATED under QUEUE, and begins when the one before it has ended', async () => {
    const { collector, gate, runs } = await givenSlowCollector('QUEUE')
    await givenWorker({ lookEveryMs: 50 })
    await startJob(collector)
    await gate.reached
    const second = await startJob(collector)
    const third = await startJob(collector)
    expect(await statusesOf(collector)).toEqual(['IN_PROGRESS', 'CREATED', 'CREATED'])
    expect(runs()).toBe(1)

    gate.open()
    await runToEnd(db, third)

    expect(await statusesOf(collector)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS'])
    expect((await readJob(db, second)).task.attempt).toBe(1)
  })

  test('can be canceled while it waits, and the next one in line begins in its turn', async () => {
    const { collector, gate } = await givenSlowCollector('QUEUE')
    await givenWorker({ lookEveryMs: 50 })
    await startJob(collector)
    await gate.reached
    const second = await startJob(collector)
    const third = await startJob(collector)

    await cancelJob(context(), second)
    expect(await statusesOf(collector)).toEqual(['IN_PROGRESS', 'CANCELED', 'CREATED'])
    gate.open()
    await runToEnd(db, third)

    expect(await statusesOf(collector)).toEqual(['SUCCESS', 'CANCELED', 'SUCCESS'])
  })

  test('no longer waits when the policy becomes PARALLEL, and nothing waits for it for ever', async () => {
    const { collector, gate } = await givenSlowCollector('QUEUE')
    await givenWorker({ lookEveryMs: 50 })
    await startJob(collector)
    await gate.reached
    await startJob(collector)

    await setPolicy(collector, 'PARALLEL')
    const third = await startJob(collector)
    gate.open()
    await runToEnd(db, third)

    expect(await statusesOf(collector)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS'])
  })

  test('takes the place of the open one under REPLACE', async () => {
    const { collector, gate } = await givenSlowCollector('REPLACE')
    await givenWorker({ lookEveryMs: 50 })
    const first = await startJob(collector)
    await gate.reached

    const second = await startJob(collector)
    await runToEnd(db, second)

    expect(await statusesOf(collector)).toEqual(['CANCELED', 'SUCCESS'])
    expect((await readJob(db, first)).task.errors).toMatchObject([{ error_code: 'ERROR_COLLECT_REPLACED' }])
  })

  test('is refused under any policy when too many are open', async () => {
    const collector = await givenCollector()
    await startJob(collector)
    await db.query(
      `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks, remained_tasks,
                        created_at, updated_at)
       select domain_id, 'job-' || n, collector_id, collector_info, status, collect_mode, 1, 1, created_at, updated_at
         from job, generate_series(2, $2) n where domain_id = $1`,
      [collector.domainId, MAX_OPEN_JOBS],
    )

    await expect(startJob(collector)).rejects.toMatchObject({ code: 'ERROR_TOO_MANY_OPEN_JOBS' })
  })
})

test('a first job starts under every policy, and at the limit only REPLACE lets one in', () => {
  for (const policy of OVERLAP_POLICIES) {
    expect(decideOverlap(policy, 0)).toEqual({ kind: 'start' })
    expect(decideOverlap(policy, MAX_OPEN_JOBS).kind).toBe(policy === 'REPLACE' ? 'replace' : 'skip')
  }
})
