import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { Random } from '../inventory/decode/support/random.ts'
import { openWorkshop } from '../jobs/support.ts'
import { fillSchedules, makeDue, readOutcome } from '../schedules/support/fill-schedules.ts'
import { kill, startSchedulerProcess } from '../schedules/support/scheduler-process.ts'

const workshop = await openWorkshop()
const { db, connection } = workshop
afterAll(workshop.close)

const SEED = 7

test('100,000 schedules, 10,000 due at once, two schedulers that are killed again and again: each fires once', async () => {
  const domainId = 'domain-dddddddddddd'
  const random = new Random(SEED)
  await fillSchedules(db, domainId, 100_000)
  const schedulers = await Promise.all([startSchedulerProcess(connection), startSchedulerProcess(connection)])
  await makeDue(db, domainId, { step: 10, count: 10_000 })
  let kills = 0
  while ((await readOutcome(db, domainId)).stillDue > 0) {
    await pause(random.below(400))
    const victim = random.below(2)
    const scheduler = schedulers[victim]
    if (scheduler !== undefined) await kill(scheduler)
    schedulers[victim] = await startSchedulerProcess(connection)
    kills++
  }
  await Promise.all(schedulers.map(kill))
  console.log(JSON.stringify({ name: 'schedule.chaos.kills', value: kills, unit: 'kills' }))
  expect(await readOutcome(db, domainId)).toEqual({ jobs: 10_000, wrong: 0, unwoken: 0, stillDue: 0 })
  expect(kills).toBeGreaterThan(0)
})
