import type { Sql } from '../../storage/index.ts'

/** The open tasks of all domains. */
type QueueState = {
  readonly open: { readonly PENDING: number; readonly IN_PROGRESS: number }
  /** How long the task that waits longest has been due, milliseconds; 0 when none is. */
  readonly ageMs: number
  /** How long ago the oldest lease ran out that nobody took back yet, milliseconds. */
  readonly expiredMs: number
  /**
   * How long a task that every worker may take has been due while nothing runs anywhere, milliseconds; 0
   * otherwise.
   */
  readonly untakenMs: number
}

// Reads job_task_line, which holds the open tasks alone: its size has nothing to do with the history. Tasks
// without a lane are held back on purpose, and those of a lane with a selector may wait for a worker that is
// still to come.
const READ_QUEUE = `
select count(*) filter (where t.status = 'PENDING')::int as pending,
       count(*) filter (where t.status = 'IN_PROGRESS')::int as in_progress,
       min(t.due_at) filter (where t.status = 'PENDING' and t.lane_id is not null) as due_at,
       min(t.due_at) filter (where t.status = 'PENDING' and l.selector = '{}') as free_due_at,
       min(t.lease_expires_at) filter (where t.status = 'IN_PROGRESS') as lease_expires_at,
       clock_timestamp() as now
  from job_task t left join lane l on l.domain_id = t.domain_id and l.lane_id = t.lane_id
 where t.status in ('PENDING', 'IN_PROGRESS')`

type QueueRow = {
  readonly pending: number
  readonly inProgress: number
  readonly dueAt: Date | null
  readonly freeDueAt: Date | null
  readonly leaseExpiresAt: Date | null
  readonly now: Date
}

/** Looks at what waits and what runs. */
export async function readQueue(sql: Sql): Promise<QueueState> {
  const [row] = await sql.query<QueueRow>(READ_QUEUE)
  if (row === undefined) throw new Error('a query without groups returned no row')
  const since = (at: Date | null) => (at === null ? 0 : Math.max(0, row.now.getTime() - at.getTime()))
  return {
    open: { PENDING: row.pending, IN_PROGRESS: row.inProgress },
    ageMs: since(row.dueAt),
    expiredMs: since(row.leaseExpiresAt),
    untakenMs: row.inProgress > 0 ? 0 : since(row.freeDueAt),
  }
}
