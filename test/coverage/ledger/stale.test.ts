import { afterAll, expect, test } from 'vitest'
import { readAnswerCoverage } from '../../../src/coverage/index.ts'
import { formatAge, maxAgeMs, readMaxAge, writeMaxAge } from '../../../src/coverage/ledger/max-age.ts'
import { updateSettings } from '../../../src/housekeeping/index.ts'
import { fillGaps } from '../../../src/schedules/fill-gaps.ts'
import { addSchedule } from '../../../src/schedules/index.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { keptLog } from '../../support/kept-log.ts'
import { silentLog } from '../../support/silent-log.ts'
import { ledgerOf, statesOf } from '../ledger-of.ts'
import { openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

const HOUR = 3_600_000
const wait = (hours: number) => {
  coverage.clock.now = new Date(coverage.clock.now.getTime() + hours * HOUR)
}

async function givenListed() {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' })])
  await run(collector)
  return { cloud, ...collector }
}

/** A plan that fires so often, and has just fired. */
async function giveSchedule(
  { domainId, collectorId }: { domainId: string; collectorId: string },
  { hours, mode = 'ALL', filter = {} }: { hours: number; mode?: string; filter?: object },
): Promise<void> {
  const now = coverage.now()
  await db.query(
    `insert into schedule (domain_id, schedule_id, collector_id, collect_mode, filter, cron, counts_from, last_scheduled_at, next_due_at, created_at)
     values ($1, 'schedule-' || md5(random()::text), $2, $3, $4, '0 0 * * *', $5::timestamptz, $5::timestamptz, $5::timestamptz + $6::int * interval '1 hour', $5::timestamptz)`,
    [domainId, collectorId, mode, JSON.stringify(filter), now, hours],
  )
}

test('what nobody has listed for three days is stale, says since when, and makes the ledger and answers incomplete', async () => {
  const { domainId, ...collector } = await givenListed()
  wait(72)
  expect(await ledgerOf(context(), domainId)).toMatchObject({ complete: true })
  wait(1)
  expect(await ledgerOf(context(), domainId)).toMatchObject({
    complete: false,
    completeCount: 0,
    results: [
      { state: 'stale', reason: 'it was last listed completely 3 days ago, and may be 3 days old', count: 1 },
    ],
  })
  expect(await ledgerOf(context(), domainId, { state: 'stale' })).toMatchObject({ totalCount: 1 })
  const answer = await readAnswerCoverage(context(), domainId, { filter: [], filterOr: [], equals: {} })
  expect(JSON.parse(answer)).toMatchObject({ complete: false, incomplete: [{ state: 'stale' }] })

  await run({ domainId, ...collector })
  expect(await statesOf(context(), domainId)).toEqual(['Bucket/eu-1 complete'])
})

test('a collector that runs less often may be as old as two of its runs, as far as these read everything', async () => {
  const { cloud: _, ...collector } = await givenListed()
  await giveSchedule(collector, { hours: 1, mode: 'CREATE' })
  await giveSchedule(collector, { hours: 1, filter: { region: ['eu-1'] } })
  await giveSchedule(collector, { hours: 7 * 24 })
  const states = () => statesOf(context(), collector.domainId)
  wait(14 * 24)
  expect(await states()).toEqual(['Bucket/eu-1 complete'])
  wait(1)
  expect(await states()).toEqual(['Bucket/eu-1 stale'])
  await run(collector)
  await db.query('delete from schedule where domain_id = $1', [collector.domainId])
  wait(73)
  expect(await states()).toEqual(['Bucket/eu-1 stale'])
})

test.each([
  // Over a weekend, and over a month, nothing is missing; the time to the next run is shorter on most days.
  ['0 8 * * 1-5', 2 * 72],
  ['0 0 1,2 * *', 2 * 30 * 24],
  ['0 0 29 2 *', 2 * 24 * (365 * 4 + 1)],
])('with the schedule %s evidence may be %i hours old on any day', async (cron, hours) => {
  const { cloud: _, ...collector } = await givenListed()
  const scheduled = { cron, interval: 0, minutes: [], hours: [] }
  const schedule = { ...collector, name: '', collectMode: '', filter: {}, scheduled }
  await addSchedule(context(), { ignorePluginSupport: true }, schedule)
  wait(hours)
  expect(await statesOf(context(), collector.domainId)).toEqual(['Bucket/eu-1 complete'])
  wait(1)
  expect(await statesOf(context(), collector.domainId)).toEqual(['Bucket/eu-1 stale'])
})

test('a plan that was set before its longest gap was kept counts like one that was set since', async () => {
  const { cloud: _, ...collector } = await givenListed()
  const scheduled = { cron: '0 8 * * 1-5', interval: 0, minutes: [], hours: [] }
  const schedule = { ...collector, name: '', collectMode: '', filter: {}, scheduled }
  const { scheduleId = '' } = await addSchedule(context(), { ignorePluginSupport: true }, schedule)
  await db.query('update schedule set longest_gap_s = null where schedule_id = $1', [scheduleId])
  wait(2 * 72)
  expect(await statesOf(context(), collector.domainId)).toEqual(['Bucket/eu-1 stale'])

  while (!(await fillGaps({ db, log: silentLog })));

  expect(await statesOf(context(), collector.domainId)).toEqual(['Bucket/eu-1 complete'])
  wait(1)
  expect(await statesOf(context(), collector.domainId)).toEqual(['Bucket/eu-1 stale'])
})

test('a plan that nobody can read keeps the others from nothing, and is looked at once', async () => {
  const { cloud: _, ...collector } = await givenListed()
  await giveSchedule(collector, { hours: 24 })
  await db.query(`update schedule set time_zone = 'Nowhere/Else' where domain_id = $1`, [collector.domainId])
  const { logged, log } = keptLog()

  while (!(await fillGaps({ db, log })));
  while (!(await fillGaps({ db, log })));

  expect(logged.filter((line) => line.includes(collector.domainId))).toHaveLength(1)
})

test('a domain says how old evidence may be, and a question may say it otherwise', async () => {
  const { cloud: _, ...collector } = await givenListed()
  const { domainId } = collector
  await giveSchedule(collector, { hours: 7 * 24 })
  wait(30)
  const state = async (maxAge = '') => (await ledgerOf(context(), domainId, { maxAge })).results?.[0]?.state
  expect([await state(), await state('1d'), await state('31h')]).toEqual(['complete', 'stale', 'complete'])
  await updateSettings(db, domainId, { maxAgeHours: 24 })
  expect([await state(), await state('2d'), await state('auto')]).toEqual(['stale', 'complete', 'complete'])
  await updateSettings(db, domainId, { maxAgeHours: 0 })
  wait(100_000)
  expect([await state(), await state('never'), await state('auto')]).toEqual([
    'complete',
    'complete',
    'stale',
  ])
})

test('what is partial, unknown or held stays so however old it is', async () => {
  const { cloud, ...collector } = await givenListed()
  cloud.fails = pluginFailure(false)
  await run(collector)
  const never = await givenCloud([])
  never.cloud.fails = pluginFailure(false)
  await run(never)
  wait(1_000)
  expect(await statesOf(context(), collector.domainId)).toEqual(['Bucket/eu-1 partial'])
  expect(await statesOf(context(), never.domainId)).toEqual(['/ unknown'])
})

test.each([
  ['auto', null, 'auto'],
  ['never', 0, 'never'],
  ['36h', 36, '36h'],
  [' 3 d', 72, '3d'],
  ['48h', 48, '2d'],
  ['36500d', 876_000, '36500d'],
])('the age %j is %j hours, and is written %s', (text, hours, written) => {
  expect(readMaxAge(text, 'max_age')).toBe(hours)
  expect(writeMaxAge(hours)).toBe(written)
})

test.each(['', '0h', '3', 'd', '-1d', '36501d', '1w', '1.5d', '3d3h'])('%j is no age', (text) => {
  expect(() => readMaxAge(text, 'max_age')).toThrow("'max_age'")
})

test('an age is said in hours, and from two days on in days', () => {
  const said = [1, 2, 47, 48, 73, 24 * 14].map((hours) => formatAge(hours * HOUR))
  expect(said).toEqual(['an hour', '2 hours', '47 hours', '2 days', '3 days', '14 days'])
  expect(maxAgeMs({ maxAgeHours: null, periodS: null })).toBe(72 * HOUR)
})
