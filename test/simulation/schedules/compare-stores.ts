import { isDeepStrictEqual } from 'node:util'
import { createCollector, setCollectorState } from '../../../src/collectors/index.ts'
import { dispatchDue } from '../../../src/schedules/dispatch-due.ts'
import { insertSchedule } from '../../../src/schedules/sql/insert-schedule.ts'
import { newCollector, type Workshop } from '../../jobs/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { createRandom } from '../random.ts'
import { createModelSchedules, type ModelCollector, type ModelSchedule } from './model-schedules.ts'
import type { ScheduleBug } from './planted-bugs.ts'
import { createWorld } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The first step after which model and PostgreSQL differ. */
export type ScheduleDifference = {
  readonly step: number
  readonly operation: string
  readonly model: unknown
  readonly real: unknown
}

/** Plays the same operations, drawn from a seed, against the model of schedules and against PostgreSQL. */
export async function compareSchedules(
  workshop: Workshop,
  { seed, steps, bug }: { readonly seed: number; readonly steps: number; readonly bug?: ScheduleBug },
): Promise<ScheduleDifference | undefined> {
  const random = createRandom(seed)
  const { startsAt, schedules } = createWorld(random)
  const model = createModelSchedules(
    schedules.map(({ schedule }) => schedule),
    bug,
  )
  const real = await openRealSchedules(workshop, model.schedules)
  let now = startsAt

  for (let step = 0; step < steps; step++) {
    const operation = await play(random(6))
    const jobsOf = (collector: ModelCollector) => {
      const own = model.schedules.filter((schedule) => schedule.collector === collector)
      return model.jobs.filter(({ scheduleId }) => own.some((schedule) => schedule.scheduleId === scheduleId))
        .length
    }
    const state = {
      model: model.schedules.map(({ nextDueAt, missedAt, lastScheduledAt, collector }) => ({
        nextDueAt,
        missedAt,
        lastScheduledAt,
        jobs: jobsOf(collector),
      })),
      real: await real.read(),
    }
    if (!isDeepStrictEqual(state.model, state.real)) return { step, operation, ...state }
  }
  return undefined

  async function play(kind: number): Promise<string> {
    const dues = model.schedules.flatMap(({ nextDueAt }) => (nextDueAt === null ? [] : [nextDueAt.getTime()]))
    const collector = model.schedules[random(model.schedules.length)]?.collector
    if (kind === 0 && collector !== undefined) {
      collector.isEnabled = !collector.isEnabled
      await real.setEnabled(collector)
      return `enabled ${collector.isEnabled}`
    }
    if (kind === 1) {
      const by = (random(2) === 0 ? 1 : -1) * random(HOUR)
      if (now + by >= startsAt) now += by
      return `clock ${by}`
    }
    now = random(3) === 0 ? now + random(6 * HOUR) : Math.max(now, Math.min(...dues)) + random(2 * MINUTE)
    const held = random(4) === 0 ? collector : undefined
    if (held !== undefined) held.heldBy = 'somebody'
    model.commit(model.begin('scheduler', new Date(now), 100))
    model.release('somebody')
    await real.dispatch(new Date(now), held)
    return `dispatch at ${new Date(now).toISOString()}${held === undefined ? '' : ', one held'}`
  }
}

/** The same schedules in PostgreSQL, and what schedulers do with them. */
async function openRealSchedules(workshop: Workshop, schedules: readonly ModelSchedule[]) {
  const { context, db, givenDomain, plugins, queue } = workshop
  const domainId = await givenDomain()
  const keys = new Map<ModelCollector, { domainId: string; collectorId: string }>()
  const pluginId = plugins.add({})
  await db.query('update schedule set next_due_at = null')
  for (const schedule of schedules) {
    const known = keys.get(schedule.collector)
    const created =
      known ??
      (await createCollector(
        context(),
        { registry: plugins.registry, plugins },
        newCollector({ domainId, pluginId }),
      ))
    const key = { domainId, collectorId: created.collectorId ?? '' }
    keys.set(schedule.collector, key)
    await insertSchedule(db, { ...schedule, ...key, createdAt: schedule.countsFrom })
  }

  function keyOf(collector: ModelCollector) {
    const key = keys.get(collector)
    if (key === undefined) throw new Error('no such collector')
    return key
  }

  async function dispatch(now: Date): Promise<void> {
    await dispatchDue({ db, queue, log: silentLog, clock: async () => now }, 100)
  }

  return {
    async setEnabled(collector: ModelCollector): Promise<void> {
      const state = collector.isEnabled ? 'ENABLED' : 'DISABLED'
      await setCollectorState(context(), { ...keyOf(collector), state })
    },
    /** While somebody else holds a collector, if one is given. */
    async dispatch(now: Date, held: ModelCollector | undefined): Promise<void> {
      if (held === undefined) return await dispatch(now)
      const { collectorId } = keyOf(held)
      await db.transaction(async (tx) => {
        await tx.query('select 1 from collector where domain_id = $1 and collector_id = $2 for update', [
          domainId,
          collectorId,
        ])
        await dispatch(now)
      })
    },
    async read(): Promise<readonly object[]> {
      return await db.query(
        `select s.next_due_at, s.missed_at, s.last_scheduled_at,
                (select count(*)::int from job j
                  where j.domain_id = s.domain_id and j.collector_id = s.collector_id) as jobs
           from schedule s where s.domain_id = $1 order by s.schedule_id`,
        [domainId],
      )
    },
  }
}
