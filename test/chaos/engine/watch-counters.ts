import { setTimeout as pause } from 'node:timers/promises'
import type { Arena } from './arena.ts'

// One statement sees one moment: every job whose counts differ from its tasks just then.
const WRONG_NOW = `
select count(*)::int as wrong from job j
  join lateral (
    select count(*) as all_tasks, count(*) filter (where t.status in ('PENDING', 'IN_PROGRESS')) as open
      from job_task t where t.domain_id = j.domain_id and t.job_id = j.job_id) t on true
 where j.remained_tasks <> t.open or j.total_tasks <> t.all_tasks
    or (t.open = 0) <> (j.status in ('SUCCESS', 'ERROR', 'CANCELED', 'TIMEOUT'))`

/**
 * Looks again and again whether the counts of all jobs are exact and agree with their tasks, until it is told
 * to stop.
 */
export function watchCounters({ db }: Arena, everyMs: number) {
  const stopped = new AbortController()
  const seen = { looks: 0, wrong: 0 }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      // The database may be away.
      const [row] = await db.query<{ wrong: number }>(WRONG_NOW).catch(() => [])
      if (row !== undefined) {
        seen.looks++
        seen.wrong += row.wrong
      }
      await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }

  const running = run()
  return {
    async stop(): Promise<{ readonly looks: number; readonly wrong: number }> {
      stopped.abort()
      await running
      return seen
    },
  }
}
