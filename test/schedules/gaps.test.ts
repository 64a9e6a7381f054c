import { afterAll, expect, test } from 'vitest'
import { Scheduler } from '../../src/schedules/index.ts'
import { openWorkshop } from '../jobs/support.ts'
import { openClockwork } from './support/clockwork.ts'

const workshop = await openWorkshop()
const { db, givenCollector } = workshop
const { deps, givenSchedule } = openClockwork(workshop)
afterAll(workshop.close)

test('a scheduler looks for the longest gap of plans that were set before it was kept', async () => {
  const collector = await givenCollector()
  const plans = [{ cron: '0 8 * * 1-5' }, { interval: 1_800 }, { hours: [3] }]
  for (let each = 0; each < 20; each++) for (const plan of plans) await givenSchedule(collector, plan)
  const gaps = () =>
    db.query<{ gap: number | null }>(
      'select longest_gap_s as gap from schedule where domain_id = $1 order by schedule_id',
      [collector.domainId],
    )
  const kept = await gaps()
  expect(new Set(kept.map(({ gap }) => gap))).toEqual(new Set([72 * 3_600, 1_800, 86_400]))
  await db.query('update schedule set longest_gap_s = null')

  const scheduler = new Scheduler({ ...deps, now: () => new Date() }, { lookEveryMs: 20 })
  scheduler.start()
  await expect.poll(async () => (await gaps()).some(({ gap }) => gap === null)).toBe(false)
  await scheduler.stop()

  expect(await gaps()).toEqual(kept)
})
