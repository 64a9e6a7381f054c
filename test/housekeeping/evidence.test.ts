import { afterAll, expect, test } from 'vitest'
import { finishTask } from '../../src/jobs/end/finish-task.ts'
import { givenContributor } from '../inventory/write/support.ts'
import { openWorkshop } from '../jobs/support.ts'
import { createSweep } from './support.ts'

const workshop = await openWorkshop()
const { db } = workshop
afterAll(workshop.close)

const now = () => new Date()
const sweep = createSweep(db, now)

test('old receipts go, but for those that the ledger shows or a deletion may still name', async () => {
  const domainId = await workshop.givenDomain()
  const { contributorId } = await givenContributor(db, domainId)
  const receipts = [
    { seq: 1, epoch: 'now', withheld: 0, missed: '\\x01' },
    { seq: 2, epoch: 'before', withheld: 0, missed: '\\x01' },
    { seq: 3, epoch: 'now', withheld: 1, missed: '' },
    { seq: 4, epoch: 'now', withheld: 1, missed: '' },
    { seq: 5, epoch: 'now', withheld: 0, missed: '' },
    { seq: 6, epoch: 'now', withheld: 0, missed: '' },
    { seq: 7, epoch: 'now', withheld: 1, missed: '' },
  ]
  for (const { seq, epoch, withheld, missed } of receipts)
    await db.query(
      `insert into receipt (domain_id, contributor_id, task_seq, job_id, epoch, grade, is_counted, cells, withheld, missed, created_at)
       values ($1, $2, $3, 'job-1', $4, 'derived', true, 1, $5, $6::text::bytea, now() - interval '60 days')`,
      [domainId, contributorId, seq, epoch, withheld, missed],
    )
  await db.query(`insert into claim_state (domain_id, contributor_id, epoch) values ($1, $2, 'now')`, [
    domainId,
    contributorId,
  ])
  await db.query(
    `insert into coverage_cell (domain_id, contributor_id, cell, provider, cloud_service_group, cloud_service_type,
                                account, region_code, receipt_seq)
     values ($1, $2, 1, 'acme', 'Store', 'Bucket', '', '', 3)`,
    [domainId, contributorId],
  )

  expect(await sweep(domainId, { runDays: 90 })).toMatchObject({ receipts: 0 })
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ receipts: 3 })
  const left = await db.query<{ taskSeq: number }>(
    'select task_seq from receipt where domain_id = $1 order by task_seq',
    [domainId],
  )
  expect(left.map(({ taskSeq }) => taskSeq)).toEqual([1, 3, 6, 7])
})

/**
 * Runs of a collector so many days ago, the oldest first; the last of them could read everything, the others
 * were denied two regions.
 */
async function givenDeniedRuns(days: readonly number[]) {
  const collector = await workshop.givenCollector()
  const { domainId } = collector
  const tasks: { seq: number; contributorId: number; jobId: string }[] = []
  for (const ago of days) {
    const { jobId } = await workshop.startJob(collector)
    const task = await workshop.takenByVanishedWorker(60_000)
    await finishTask(db, task, { status: 'SUCCESS', complete: false, at: now() })
    await db.query(
      `update job_task set finished_at = now() - $3 * interval '1 day' where domain_id = $1 and job_id = $2`,
      [domainId, jobId, ago],
    )
    tasks.push(task)
  }
  for (const { seq, contributorId } of tasks.slice(0, -1))
    for (const region of ['eu-1', 'us-1'])
      await db.query(
        `insert into read_failure (domain_id, contributor_id, task_seq, attempt, class, provider, cloud_service_group,
                                   cloud_service_type, account, region_code, withholds, count, message)
         values ($1, $2, $3, 1, 'denied', 'acme', '', '', '', $4, true, 1, 'not allowed')`,
        [domainId, contributorId, seq, region],
      )
  return { domainId, tasks }
}

async function failuresOf(domainId: string) {
  return await db.query(
    'select task_seq, region_code from read_failure where domain_id = $1 order by task_seq, region_code',
    [domainId],
  )
}

test('what old runs could not read goes, but of each contributor the newest job that failed keeps all it said', async () => {
  const { domainId, tasks } = await givenDeniedRuns([50, 40, 35, 1])
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ failures: 4 })
  const kept = ['eu-1', 'us-1'].map((regionCode) => ({ taskSeq: tasks[2]?.seq, regionCode }))
  expect(await failuresOf(domainId)).toEqual(kept)
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ failures: 0 })
})

test('what the job of the newest receipt could not read stays, so that nobody takes it for read', async () => {
  const { domainId, tasks } = await givenDeniedRuns([50, 40, 35, 1])
  const [, task] = tasks
  await db.query(
    `insert into receipt (domain_id, contributor_id, task_seq, job_id, epoch, grade, is_counted, cells, withheld, created_at)
     values ($1, $2, $3, $4, 'now', 'derived', true, 2, 1, now() - interval '40 days')`,
    [domainId, task?.contributorId, task?.seq, task?.jobId],
  )
  expect(await sweep(domainId, { runDays: 30 })).toMatchObject({ failures: 2 })
  const kept = tasks.slice(1, 3).flatMap(({ seq: taskSeq }) => [
    { taskSeq, regionCode: 'eu-1' },
    { taskSeq, regionCode: 'us-1' },
  ])
  expect(await failuresOf(domainId)).toEqual(kept)
})
