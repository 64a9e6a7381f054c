import { afterAll, expect, test } from 'vitest'
import { takeSlots } from '../../../src/inventory/write/store/contributions.ts'
import { openWorkshop, readJob } from '../support.ts'

const workshop = await openWorkshop()
const { db, givenCollector, startJob } = workshop
afterAll(workshop.close)

test('collect does not wait for a batch of the same collector that is being written', async () => {
  const collector = await givenCollector()
  const { jobId } = await startJob(collector)
  const { tasks } = await readJob(db, { ...collector, jobId })
  const contributorId = Number(Reflect.get(tasks[0] ?? {}, 'contributorId'))

  const next = await db.transaction(async (tx) => {
    await takeSlots(tx, collector.domainId, contributorId, 1)
    return await startJob(collector)
  })

  expect((await readJob(db, next)).job.status).toBe('IN_PROGRESS')
})
