import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openWorkshop, until } from '../jobs/support.ts'
import { countJobs, fillSchedules, makeDue, readOutcome } from './support/fill-schedules.ts'
import { kill, startSchedulerProcess } from './support/scheduler-process.ts'

const workshop = await openWorkshop()
const { db, connection } = workshop
afterAll(workshop.close)

const STORED = 6_000
const DUE = 3_000

test('kill -9 of one of two schedulers in the middle: each schedule that is due starts one job', async () => {
  const domainId = 'domain-cccccccccccc'
  await fillSchedules(db, domainId, STORED)
  const schedulers = await Promise.all([startSchedulerProcess(connection), startSchedulerProcess(connection)])
  onTestFinished(async () => void (await Promise.all(schedulers.map(kill))))

  await db.transaction(async (tx) => {
    // However fast they are, they have not done all when one of them is killed: what somebody holds has to
    // wait.
    await tx.query(
      'select from collector where domain_id = $1 order by collector_id desc limit $2 for update',
      [domainId, STORED / 10],
    )
    await makeDue(db, domainId, { step: 2, count: DUE })
    await until(async () => (await countJobs(db, domainId)) > 0)
    await kill(schedulers[0])
  })
  await until(async () => {
    const { jobs, stillDue } = await readOutcome(db, domainId)
    return jobs >= DUE && stillDue === 0
  })

  expect(await readOutcome(db, domainId)).toEqual({ jobs: DUE, wrong: 0, unwoken: 0, stillDue: 0 })
})
