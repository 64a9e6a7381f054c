import type { Sql } from '../storage/index.ts'

// One look at the beginning of schedule_due.
const READ_LAG = `
select greatest(0, extract(epoch from clock_timestamp() - min(next_due_at)) * 1000)::float8 as lag_ms
  from schedule where next_due_at is not null`

/**
 * How long the schedule that waits longest has been due, of all domains, milliseconds; 0 when none is due.
 */
export async function readSchedulerLag(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ lagMs: number | null }>(READ_LAG)
  return row?.lagMs ?? 0
}
