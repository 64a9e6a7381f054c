import { afterAll, expect, test } from 'vitest'
import { deleteCollector } from '../../src/collectors/index.ts'
import { bucket } from '../inventory/write/support.ts'
import { sends } from './scripted-plugins.ts'
import { openWorkshop, until } from './support.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

test('collecting, running and deleting all at once end every job, and nobody waits for anybody for ever', async () => {
  await givenWorker({ capacity: 4, lookEveryMs: 50 })
  await givenWorker({ capacity: 4, lookEveryMs: 50 })
  const collectors = await Promise.all(
    Array.from({ length: 6 }, () => givenCollector({ collect: () => sends(bucket({ id: 'a' })) })),
  )

  const starts = collectors.flatMap((collector) => Array.from({ length: 6 }, () => startJob(collector)))
  await Promise.all(starts.slice(0, 12))
  const deletions = collectors.slice(3).map((collector) => deleteCollector(context(), collector))
  // A job that comes after the deletion of its collector is refused; one that came before is canceled.
  await Promise.allSettled(starts)
  await Promise.all(deletions)

  const domains = collectors.map(({ domainId }) => domainId)
  const openJobs = () =>
    db.query("select 1 from job where domain_id = any($1) and status = 'IN_PROGRESS'", [domains])
  await until(async () => (await openJobs()).length === 0)
  const disagreeing = await db.query(
    `select j.job_id, j.status, j.remained_tasks, t.status as task_status
       from job j join job_task t using (domain_id, job_id)
      where domain_id = any($1)
        and (j.remained_tasks <> 0 or j.status <> case t.status when 'SUCCESS' then 'SUCCESS' else 'CANCELED' end)`,
    [domains],
  )
  expect(disagreeing).toEqual([])
  const kept = await db.query<{ status: string; jobs: number }>(
    'select status, count(*) as jobs from job where domain_id = any($1) group by status',
    [domains.slice(0, 3)],
  )
  expect(kept).toEqual([{ status: 'SUCCESS', jobs: 18 }])
})
