import type { ModelSchedules, Move } from './model-schedules.ts'
import type { JudgedSchedule } from './world.ts'

const MINUTE = 60_000

/** Judges each move once, when it has been made, by the due times of the reference. */
export function createScheduleJudge(
  model: ModelSchedules,
  judged: readonly JudgedSchedule[],
  breaks: (invariant: string) => void,
) {
  const fired = new Set<string>()
  let movesSeen = 0
  let jobsSeen = 0

  function duesOf({ schedule }: Move): readonly number[] {
    return judged.find((one) => one.schedule === schedule)?.dues ?? []
  }

  function judge(
    move: Move,
    next: { readonly dueAt: number | undefined; readonly missedAt: number | undefined },
  ): void {
    const { kind, at, dueAt, missedAt, wasEnabled, schedule } = move
    const [now, due] = [at.getTime(), dueAt.getTime()]
    const dues = duesOf(move)
    const nextRegular = dues.find((one) => one > now)
    if (missedAt === null && !dues.includes(due)) breaks('only due times are due')
    if ((kind === 'skip') === wasEnabled) breaks('a disabled collector, and no other, lets its time pass')
    const isLate = missedAt === null && now - due > MINUTE
    if (kind === 'fire' && isLate) breaks('missed runs are spread')
    if (kind === 'fire' && schedule.lastScheduledAt?.getTime() !== now) breaks('a start is noted')
    if (kind === 'defer') {
      const last = Math.min(now + MINUTE, nextRegular ?? Number.POSITIVE_INFINITY)
      const isSoon = next.dueAt !== undefined && next.dueAt >= now && next.dueAt <= last
      if (!isLate || !isSoon || next.missedAt !== due) breaks('a missed run is made up for, soon and once')
    } else if (next.dueAt !== nextRegular || next.missedAt !== undefined)
      breaks('the next due time is the first after now')
  }

  return {
    /** After each commit. */
    look(): void {
      for (; movesSeen < model.moved.length; movesSeen++) {
        const move = model.moved[movesSeen]
        if (move === undefined) continue
        if (move.dueAt > move.claimedAt) breaks('nothing starts early')
        const { nextDueAt, missedAt } = move.schedule
        judge(move, { dueAt: nextDueAt?.getTime(), missedAt: missedAt?.getTime() })
      }
      for (; jobsSeen < model.jobs.length; jobsSeen++) {
        const key = JSON.stringify(model.jobs[jobsSeen])
        if (fired.has(key)) breaks('a due time starts one job')
        fired.add(key)
      }
    },
    /** When nothing is under way. */
    settle(): void {
      const starts = model.moved.filter(({ kind }) => kind === 'fire').length
      if (starts !== model.jobs.length) breaks('job and move are one')
    },
  }
}
