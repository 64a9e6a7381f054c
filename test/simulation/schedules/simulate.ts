import { createHash } from 'node:crypto'
import { createRandom } from '../random.ts'
import { createScheduleJudge } from './invariants.ts'
import { type Batch, createModelSchedules } from './model-schedules.ts'
import type { ScheduleBug } from './planted-bugs.ts'
import { createWorld } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const STEPS = 300
const SCHEDULERS = 3
/** After this long the database cuts off a transaction whose process does nothing. */
const CUT_OFF_MS = 20_000

type Scheduler = { batch: Batch | undefined; since: number; frozenUntil: number; isCutOff: boolean }

/** What a run came to: the hash of all its events, and the invariant that broke, if one did. */
export type SimulationResult = { readonly hash: string; readonly broken: string | undefined }

/**
 * Runs one seed: schedulers that look, freeze, die and come back, all of them away for hours, collectors that
 * are disabled or held by others, a clock that steps, days in which the clocks of the zone change. At the end
 * nothing may be due any more.
 */
export function simulateSchedules(seed: number, bug?: ScheduleBug): SimulationResult {
  const random = createRandom(seed)
  const { startsAt, schedules } = createWorld(random)
  const model = createModelSchedules(
    schedules.map(({ schedule }) => schedule),
    bug,
  )
  const hash = createHash('sha256')
  const schedulers: Scheduler[] = Array.from({ length: SCHEDULERS }, () => ({
    batch: undefined,
    since: 0,
    frozenUntil: 0,
    isCutOff: false,
  }))
  let now = startsAt
  let awayUntil = 0
  let broken: string | undefined

  const tell = (...event: readonly unknown[]) => hash.update(`${now} ${event.join(' ')}\n`)
  const breaks = (invariant: string) => {
    broken ??= invariant
  }
  const judge = createScheduleJudge(model, schedules, breaks)

  for (let step = 0; step < STEPS && broken === undefined; step++) {
    pass()
    const turn = random(16)
    if (turn === 0) toggle()
    else if (turn === 1) hold()
    else if (turn === 2 && random(3) === 0) stepClock()
    else if (turn === 3 && random(3) === 0) leaveForHours()
    else act(random(SCHEDULERS))
    judge.look()
  }
  settle()
  return { hash: hash.digest('hex'), broken }

  /** Mostly to about the next due time, sometimes on. */
  function pass(): void {
    const dues = model.schedules.flatMap(({ nextDueAt }) => (nextDueAt === null ? [] : [nextDueAt.getTime()]))
    const next = Math.min(...dues)
    const kind = random(4)
    if (kind === 0) now += random(2 * HOUR)
    else if (kind < 3 && next > now) now = next + random(30_000)
    else now += random(5_000)
  }

  function toggle(): void {
    const collector = model.schedules[random(model.schedules.length)]?.collector
    // Whoever changes a collector waits for its lock.
    if (collector === undefined || collector.heldBy !== undefined) return
    collector.isEnabled = !collector.isEnabled
    tell('enabled', collector.isEnabled)
  }

  /** Somebody else holds a collector for a moment, or lets it go. */
  function hold(): void {
    const collector = model.schedules[random(model.schedules.length)]?.collector
    if (collector === undefined) return
    if (collector.heldBy === 'somebody') collector.heldBy = undefined
    else collector.heldBy ??= 'somebody'
  }

  function stepClock(): void {
    const by = (random(2) === 0 ? 1 : -1) * random(HOUR)
    // Schedules of before the beginning are nobody's.
    if (now + by < startsAt) return
    now += by
    tell('clock', by)
  }

  function leaveForHours(): void {
    for (const scheduler of schedulers) die(scheduler)
    awayUntil = now + random(6 * HOUR)
    tell('away')
  }

  function act(place: number): void {
    const scheduler = schedulers[place]
    if (scheduler === undefined || now < awayUntil || now < scheduler.frozenUntil) return
    cutOff()
    if (scheduler.batch === undefined) {
      // The clock of one process is a few minutes ahead of the database's.
      const ahead = bug === 'clock of the process instead of the database' && place === 0 ? 5 * MINUTE : 0
      const batch = model.begin(scheduler, new Date(now + ahead), 1 + random(4), new Date(now))
      Object.assign(scheduler, { batch, since: now, isCutOff: false })
      tell('begin', place, batch.moves.map(({ schedule, kind }) => `${schedule.scheduleId}:${kind}`).join())
      return
    }
    const fate = random(8)
    if (fate === 0) die(scheduler)
    else if (fate === 1) scheduler.frozenUntil = now + random(HOUR)
    else finish(scheduler, place)
  }

  function finish(scheduler: Scheduler, place: number): void {
    const { batch, isCutOff } = scheduler
    scheduler.batch = undefined
    if (batch === undefined) return
    if (isCutOff && bug !== 'frozen scheduler writes after its lock is gone') return
    model.commit(batch)
    tell('commit', place, batch.moves.length)
  }

  function cutOff(): void {
    for (const scheduler of schedulers) {
      if (scheduler.batch === undefined || Math.abs(now - scheduler.since) < CUT_OFF_MS) continue
      if (!scheduler.isCutOff) model.release(scheduler)
      scheduler.isCutOff = true
    }
  }

  function die(scheduler: Scheduler): void {
    if (scheduler.batch !== undefined) model.release(scheduler)
    scheduler.batch = undefined
  }

  /** No more faults: whoever is under way dies, and the others do what is due until nothing is. */
  function settle(): void {
    for (const scheduler of schedulers) die(scheduler)
    for (const { collector } of model.schedules) collector.heldBy = undefined
    for (let round = 0; round < 100 && broken === undefined; round++) {
      const batch = model.begin('last', new Date(now), 100)
      if (batch.moves.length === 0) break
      model.commit(batch)
      judge.look()
      now += MINUTE
    }
    const isDue = model.schedules.some(({ nextDueAt }) => nextDueAt !== null && nextDueAt.getTime() <= now)
    if (isDue) breaks('what is due starts')
    judge.settle()
  }
}
