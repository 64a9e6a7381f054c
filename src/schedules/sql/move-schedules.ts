import { type Transaction, textArray, timestamptzArray } from '../../storage/index.ts'

const MOVE_SCHEDULES = `
update schedule s
   set next_due_at = m.next_due_at, missed_at = m.missed_at,
       last_scheduled_at = coalesce(m.scheduled_at, s.last_scheduled_at)
  from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
       as m (domain_id, schedule_id, next_due_at, missed_at, scheduled_at)
 where s.domain_id = m.domain_id and s.schedule_id = m.schedule_id`

type ScheduleMove = {
  readonly domainId: string
  readonly scheduleId: string
  readonly nextDueAt: Date | null
  readonly missedAt: Date | null
  /** When it started a job; null when it did not. */
  readonly scheduledAt: Date | null
}

/** Gives schedules, whose rows must be held, their next due times. */
export async function moveSchedules(tx: Transaction, moves: readonly ScheduleMove[]): Promise<void> {
  if (moves.length === 0) return
  await tx.query(MOVE_SCHEDULES, [
    textArray(moves.map((move) => move.domainId)),
    textArray(moves.map((move) => move.scheduleId)),
    timestamptzArray(moves.map((move) => move.nextDueAt)),
    timestamptzArray(moves.map((move) => move.missedAt)),
    timestamptzArray(moves.map((move) => move.scheduledAt)),
  ])
}
