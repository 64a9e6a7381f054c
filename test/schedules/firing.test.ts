import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { TaskQueue } from '../../src/jobs/index.ts'
import { dispatchDue } from '../../src/schedules/dispatch-due.ts'
import { readSchedulerLag, type Scheduled } from '../../src/schedules/index.ts'
import { openWorkshop } from '../jobs/support.ts'
import { openClockwork } from './support/clockwork.ts'

const workshop = await openWorkshop()
const { db, givenCollector, queue } = workshop
const { deps, givenSchedule, stateOf, at, dueAt } = openClockwork(workshop)
afterAll(workshop.close)
// Each test looks at what its own schedules do.
beforeEach(() => db.query('update schedule set next_due_at = null'))

type Job = {
  readonly status: string
  readonly filter: object
  readonly collectMode: string
  readonly totalTasks: number
  readonly createdAt: Date
  readonly errors: { error_code: string; message: string }[]
}

async function jobsOf({ domainId }: { readonly domainId: string }): Promise<readonly Job[]> {
  return await db.query<Job>('select * from job where domain_id = $1 order by seq', [domainId])
}

async function givenDue(plan: Partial<Scheduled> = { hours: [3] }, moment = '2026-03-01T03:00:00Z') {
  const collector = await givenCollector({ init: () => ({ filter_format: [{ key: 'region' }] }) })
  const scheduleId = await givenSchedule(collector, plan, {
    collectMode: 'UPDATE',
    filter: { region: 'eu-1' },
  })
  await dueAt(scheduleId, moment)
  return { ...collector, scheduleId }
}

describe('a schedule that is due', () => {
  test('starts a job with its filter and mode, with tasks and wake-ups, and moves on', async () => {
    const schedule = await givenDue()
    expect(await at('2026-03-01T02:59:59.999Z')).toBe(0)
    expect(await at('2026-03-01T03:00:00.000Z')).toBe(1)
    expect(await jobsOf(schedule)).toMatchObject([
      { status: 'IN_PROGRESS', filter: { region: 'eu-1' }, collectMode: 'UPDATE', totalTasks: 1 },
    ])
    expect(await stateOf(schedule.scheduleId)).toEqual({
      nextDueAt: new Date('2026-03-02T03:00:00Z'),
      missedAt: null,
      lastScheduledAt: new Date('2026-03-01T03:00:00Z'),
    })
    const waking = await db.query(
      `select 1 from job_task t join pgboss.job b on b.data->>'job_task_id' = t.job_task_id where t.domain_id = $1`,
      [schedule.domainId],
    )
    expect(waking).toHaveLength(1)
    expect(await at('2026-03-01T03:00:00.001Z')).toBe(0)
  })

  test('goes on from its due time, not from when it was noticed', async () => {
    const collector = await givenCollector()
    const scheduleId = await givenSchedule(collector, { interval: 60 })
    await dueAt(scheduleId, '2026-03-01T00:01:00Z')
    await at('2026-03-01T00:01:07.3Z')
    expect((await stateOf(scheduleId)).nextDueAt).toEqual(new Date('2026-03-01T00:02:00Z'))
  })

  test('passes while its collector is disabled, and starts no job for it later', async () => {
    const schedule = await givenDue()
    await db.query("update collector set state = 'DISABLED' where domain_id = $1", [schedule.domainId])
    expect(await at('2026-03-01T03:00:00Z')).toBe(0)
    expect(await stateOf(schedule.scheduleId)).toMatchObject({
      nextDueAt: new Date('2026-03-02T03:00:00Z'),
      lastScheduledAt: null,
    })
    await db.query("update collector set state = 'ENABLED' where domain_id = $1", [schedule.domainId])
    expect(await at('2026-03-01T04:00:00Z')).toBe(0)
    expect(await at('2026-03-02T03:00:00Z')).toBe(1)
  })

  test('that cannot begin leaves a job that says why', async () => {
    const schedule = await givenDue()
    await db.query(`update collector set plugin_metadata = '{}' where domain_id = $1`, [schedule.domainId])
    expect(await at('2026-03-01T03:00:00Z')).toBe(1)
    expect(await jobsOf(schedule)).toMatchObject([
      {
        status: 'ERROR',
        totalTasks: 0,
        errors: [
          { error_code: 'ERROR_UNSUPPORTED_FILTER_KEY', message: expect.stringContaining('filter.region') },
        ],
      },
    ])
    expect((await stateOf(schedule.scheduleId)).nextDueAt).toEqual(new Date('2026-03-02T03:00:00Z'))
  })

  test('waits, without harm to others, while somebody holds its collector', async () => {
    const [held, free] = [await givenDue(), await givenDue()]
    await db.transaction(async (tx) => {
      await tx.query('select 1 from collector where domain_id = $1 for update', [held.domainId])
      expect(await at('2026-03-01T03:00:00Z')).toBe(1)
    })
    expect(await jobsOf(free)).toHaveLength(1)
    expect(await at('2026-03-01T03:00:00Z')).toBe(1)
    expect(await jobsOf(held)).toHaveLength(1)
  })

  test('whose job cannot be written harms no other, and does not come up again at once', async () => {
    const [broken, ...others] = [await givenDue(), await givenDue(), await givenDue()]
    await db.query(
      `create function refuse_job() returns trigger language plpgsql as $$ begin raise 'planted'; end $$;`,
    )
    await db.query(
      `create trigger refuse before insert on job for each row
         when (new.domain_id = '${broken?.domainId}' and new.status <> 'ERROR') execute function refuse_job()`,
    )
    expect(await at('2026-03-01T03:00:00Z')).toBe(3)
    for (const other of others) expect(await jobsOf(other)).toMatchObject([{ status: 'IN_PROGRESS' }])
    const [job] = await jobsOf(broken ?? { domainId: '' })
    expect(job).toMatchObject({ status: 'ERROR', errors: [{ error_code: 'ERROR_UNKNOWN' }] })
    expect(JSON.stringify(job)).not.toContain('planted')
    expect((await stateOf(broken?.scheduleId ?? '')).nextDueAt).toEqual(new Date('2026-03-02T03:00:00Z'))
    await db.query('drop trigger refuse on job')
  })

  test('is there again when the transaction that started its job did not come through', async () => {
    const schedule = await givenDue()
    const full = () => Promise.reject(new Error('queue is full'))
    const deaf: TaskQueue = { wake: full, wakeAll: full }
    const interrupted = { ...deps, queue: deaf, clock: () => Promise.reject(new Error('gone')) }
    await expect(dispatchDue(interrupted, 100)).rejects.toThrow('gone')
    expect(await at('2026-03-01T03:00:00Z')).toBe(1)
    expect(await jobsOf(schedule)).toHaveLength(1)
  })
})

describe('times that were missed', () => {
  test('are made up for once, each schedule at a moment of its own within a minute', async () => {
    const missed = await Promise.all(Array.from({ length: 8 }, () => givenDue()))
    expect(await at('2026-03-05T12:00:00Z')).toBe(0)
    const moments = await Promise.all(
      missed.map(async ({ scheduleId }) => (await stateOf(scheduleId)).nextDueAt),
    )
    for (const moment of moments) {
      expect(moment?.getTime()).toBeGreaterThanOrEqual(Date.parse('2026-03-05T12:00:00Z'))
      expect(moment?.getTime()).toBeLessThan(Date.parse('2026-03-05T12:01:00Z'))
    }
    expect(new Set(moments.map(Number)).size).toBeGreaterThan(4)

    await at('2026-03-05T12:01:00Z')
    for (const schedule of missed) {
      expect(await jobsOf(schedule)).toHaveLength(1)
      expect(await stateOf(schedule.scheduleId)).toMatchObject({
        nextDueAt: new Date('2026-03-06T03:00:00Z'),
        missedAt: null,
      })
    }
  })

  test('are made up for before the next regular time, which counts for itself', async () => {
    const collector = await givenCollector()
    const scheduleId = await givenSchedule(collector, { interval: 10 })
    await dueAt(scheduleId, '2026-03-01T00:00:10Z')
    expect(await at('2026-03-01T01:00:05Z')).toBe(0)
    const { nextDueAt } = await stateOf(scheduleId)
    expect(nextDueAt?.getTime()).toBeLessThan(Date.parse('2026-03-01T01:00:10Z'))
    expect(await at('2026-03-01T01:00:09.999Z')).toBe(1)
    expect((await stateOf(scheduleId)).nextDueAt).toEqual(new Date('2026-03-01T01:00:10Z'))
    expect(await at('2026-03-01T01:00:10Z')).toBe(1)
  })

  test('are no matter for the schedulers of a server that is only busy', async () => {
    const schedule = await givenDue()
    expect(await at('2026-03-01T03:00:59Z')).toBe(1)
    expect(await jobsOf(schedule)).toHaveLength(1)
  })
})

test('a clock that goes back and forth fires no time twice', async () => {
  const schedule = await givenDue({ minutes: [0, 30] }, '2026-03-01T03:00:00Z')
  expect(await at('2026-03-01T03:00:00Z')).toBe(1)
  for (const moment of [
    '2026-03-01T02:00:00Z',
    '2026-03-01T02:30:00Z',
    '2026-03-01T03:00:00Z',
    '2026-03-01T03:29:59Z',
  ])
    expect(await at(moment)).toBe(0)
  expect(await at('2026-03-01T03:30:10Z')).toBe(1)
  expect(await at('2026-03-01T04:00:01Z')).toBe(1)
  for (const moment of ['2026-03-01T03:30:00Z', '2026-03-01T04:00:00Z']) expect(await at(moment)).toBe(0)
  expect(await jobsOf(schedule)).toHaveLength(3)
})

test('many schedulers at once start one job for each schedule', async () => {
  const schedules = await Promise.all(Array.from({ length: 30 }, () => givenDue()))
  const clock = async () => new Date('2026-03-01T03:00:00Z')
  const fired = await Promise.all(
    Array.from({ length: 4 }, async () => {
      let sum = 0
      for (let quiet = 0; quiet < 3; ) {
        const { started } = await dispatchDue({ ...deps, queue, clock }, 5)
        sum += started
        quiet = started === 0 ? quiet + 1 : 0
      }
      return sum
    }),
  )
  expect(fired.reduce((a, b) => a + b)).toBe(30)
  for (const schedule of schedules) expect(await jobsOf(schedule)).toHaveLength(1)
})

test('the lag is how long the oldest due schedule waits', async () => {
  expect(await readSchedulerLag(db)).toBe(0)
  const { scheduleId } = await givenDue()
  await db.query("update schedule set next_due_at = now() - interval '5 minutes' where schedule_id = $1", [
    scheduleId,
  ])
  const lag = await readSchedulerLag(db)
  expect(lag).toBeGreaterThanOrEqual(300_000)
  expect(lag).toBeLessThan(400_000)
})
