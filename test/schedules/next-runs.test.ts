import { afterAll, expect, test } from 'vitest'
import { nextRuns, setTimeZone } from '../../src/schedules/index.ts'
import { knownZone } from '../../src/schedules/zone.ts'
import { openWorkshop } from '../jobs/support.ts'
import { openClockwork } from './support/clockwork.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector } = workshop
const { givenSchedule, stateOf, at } = openClockwork(workshop)
afterAll(workshop.close)

test('next runs are what fires, one after the other', async () => {
  const collector = await givenCollector()
  const scheduleId = await givenSchedule(collector, { cron: '*/7 1-4 * * *' })
  await setTimeZone(context(), { ...collector, scheduleId, timeZone: 'America/New_York' })
  const { nextRuns: announced = [] } = await nextRuns(context(), { ...collector, scheduleId, count: 50 })
  expect(announced).toHaveLength(50)
  const fired: string[] = []
  for (const _ of announced) {
    const { nextDueAt } = await stateOf(scheduleId)
    expect(await at(nextDueAt ?? '')).toBe(1)
    fired.push(nextDueAt?.toISOString() ?? '')
  }
  expect(fired).toEqual(announced)
})

test('a zone moves the next run, and an update of the plan keeps the zone', async () => {
  const collector = await givenCollector()
  const scheduleId = await givenSchedule(collector, { hours: [3] })
  const inUtc = await nextRuns(context(), { ...collector, scheduleId })
  expect(inUtc).toMatchObject({ timeZone: 'UTC', paused: false, lateMs: 0n })
  expect(inUtc.nextRuns?.every((run) => run.endsWith('T03:00:00.000Z'))).toBe(true)
  const inDelhi = await setTimeZone(context(), { ...collector, scheduleId, timeZone: 'asia/kolkata' })
  expect(inDelhi.nextRuns?.every((run) => run.endsWith('T21:30:00.000Z'))).toBe(true)
})

test('a disabled collector is told, and a missed time that waits for its turn', async () => {
  const collector = await givenCollector()
  const scheduleId = await givenSchedule(collector, { hours: [3] })
  await db.query("update collector set state = 'DISABLED' where domain_id = $1", [collector.domainId])
  const missed = new Date('2026-03-01T03:00:00Z')
  await db.query('update schedule set missed_at = $2, next_due_at = $3 where schedule_id = $1', [
    scheduleId,
    missed,
    new Date('2026-03-02T12:00:30Z'),
  ])
  const runs = await nextRuns(context(), { ...collector, scheduleId, count: 2 })
  expect(runs).toMatchObject({ paused: true, missedAt: missed.toISOString() })
  expect(runs.nextRuns?.[0]).toBe('2026-03-02T12:00:30.000Z')
})

test.each([
  ['utc', 'UTC'],
  ['europe/berlin', 'Europe/Berlin'],
  ['Europe/Kyiv', 'Europe/Kyiv'],
  ['+02:00', undefined],
  ['Mars/Olympus', undefined],
  ['', undefined],
])('the zone %s is known as %s', (text, known) => {
  expect(knownZone(text)).toBe(known)
})
