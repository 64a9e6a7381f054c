import { type DueDecision, decideDue } from '../../../src/schedules/decide-due.ts'
import type { Schedule } from '../../../src/schedules/schedule.ts'
import type { ScheduleBug } from './planted-bugs.ts'
import { distort } from './wrong-dues.ts'

export type ModelSchedule = { -readonly [Key in keyof Schedule]: Schedule[Key] } & {
  readonly collector: ModelCollector
  lastScheduledAt: Date | null
}
export type ModelCollector = { isEnabled: boolean; heldBy: unknown }
/** A schedule that moved on, as it was before. */
export type Move = {
  readonly schedule: ModelSchedule
  readonly kind: DueDecision['kind']
  /** By the clock that its scheduler went by. */
  readonly at: Date
  /** By the clock that all share. */
  readonly claimedAt: Date
  readonly dueAt: Date
  readonly missedAt: Date | null
  readonly wasEnabled: boolean
}
/** What a scheduler holds between the beginning and the end of its transaction. */
export type Batch = {
  readonly by: unknown
  readonly moves: readonly (Move & { readonly decision: DueDecision })[]
}
export type ModelSchedules = ReturnType<typeof createModelSchedules>

/**
 * Schedules in memory. `begin` mirrors CLAIM_DUE with lockFreeCollectors, `commit` what fireSchedules writes,
 * all of it or nothing. What becomes of each is decided by the product's own `decideDue`.
 */
export function createModelSchedules(schedules: readonly ModelSchedule[], bug?: ScheduleBug) {
  const jobs: { readonly scheduleId: string; readonly dueAt: number }[] = []
  const moved: Move[] = []
  const locks = new Map<ModelSchedule, unknown>()

  function begin(by: unknown, now: Date, limit: number, claimedAt = now): Batch {
    const due = schedules
      .filter((schedule) => schedule.nextDueAt !== null && schedule.nextDueAt <= now)
      .filter((schedule) => !locks.has(schedule) || bug === 'claimed without a lock')
      .toSorted((a, b) => dueOf(a) - dueOf(b))
      .slice(0, limit)
    const isFree = ({ collector }: ModelSchedule) =>
      collector.heldBy === undefined || collector.heldBy === by || bug === 'claimed without a lock'
    const held = due.filter((schedule) => isFree(schedule))
    for (const schedule of due) locks.set(schedule, by)
    for (const schedule of held) schedule.collector.heldBy = by
    const moves = held.map((schedule) => {
      const { isEnabled } = schedule.collector
      const decision = decide(schedule, {
        isEnabled: isEnabled || bug === 'disabled collector starts a job',
        now,
      })
      const { kind } = decision
      const { missedAt } = schedule
      return {
        schedule,
        kind,
        at: now,
        claimedAt,
        dueAt: new Date(dueOf(schedule)),
        missedAt,
        wasEnabled: isEnabled,
        decision,
      }
    })
    const batch = { by, moves }
    if (bug === 'job written before the move') writeJobs(batch)
    if (bug === 'move written before the job') writeMoves(batch)
    return batch
  }

  function decide(schedule: ModelSchedule, asked: { isEnabled: boolean; now: Date }): DueDecision {
    const decision = distort(schedule, decideDue(schedule, asked), { now: asked.now, bug })
    const { kind, nextDueAt } = decision
    if (kind === 'defer' && bug === 'missed run dropped')
      return {
        kind: 'skip',
        nextDueAt: decideDue(schedule, { ...asked, isEnabled: false }).nextDueAt,
        missedAt: null,
      }
    if (kind === 'defer' && bug === 'all missed runs start together')
      return {
        kind: 'fire',
        nextDueAt: decideDue(schedule, { ...asked, isEnabled: false }).nextDueAt,
        missedAt: null,
      }
    if (kind === 'defer' && bug === 'missed run forgets its due time')
      return { kind, nextDueAt, missedAt: null }
    if (kind === 'skip' && bug === 'disabled collector stops for ever')
      return { kind, nextDueAt: null, missedAt: null }
    return decision
  }

  function commit(batch: Batch): void {
    if (bug !== 'job written before the move') writeJobs(batch)
    if (bug !== 'move written before the job') writeMoves(batch)
    release(batch.by)
  }

  function writeJobs({ moves }: Batch): void {
    for (const { schedule, kind, dueAt, missedAt } of moves)
      if (kind === 'fire')
        jobs.push({ scheduleId: schedule.scheduleId, dueAt: (missedAt ?? dueAt).getTime() })
  }

  function writeMoves({ moves }: Batch): void {
    for (const { decision, ...move } of moves) {
      const { schedule, kind, at } = move
      schedule.nextDueAt = decision.nextDueAt
      schedule.missedAt = decision.missedAt
      if (kind === 'fire' && bug !== 'start not noted') schedule.lastScheduledAt = at
      moved.push(move)
    }
  }

  /** What a transaction holds when it ends, however it does. */
  function release(by: unknown): void {
    for (const schedule of schedules) {
      if (locks.get(schedule) === by) locks.delete(schedule)
      if (schedule.collector.heldBy === by) schedule.collector.heldBy = undefined
    }
  }

  return { schedules, jobs, moved, begin, commit, release }
}

function dueOf({ nextDueAt }: ModelSchedule): number {
  return nextDueAt?.getTime() ?? Number.POSITIVE_INFINITY
}
