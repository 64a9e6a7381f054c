import { type Database, int4Array, int8Array } from '../../storage/index.ts'

const MAX_RUNS = 20

/** Runs up to and with this one have been looked at. */
export type RunCursor = { readonly contributorId: number; readonly taskSeq: number }

export const FIRST_RUN: RunCursor = { contributorId: 0, taskSeq: 0 }

type RunRow = RunCursor & { readonly seen: Buffer; readonly newer: Buffer; readonly isNewestOfAll: boolean }

/**
 * Whether a run had meant to read everything: its job says so while it is there, afterwards the run itself;
 * null of those of earlier versions.
 */
const meantAll = (run: 'r' | 'm') => `
select coalesce(j.collect_mode = 'ALL' and j.filter = '{}' and t.cached_filter = '{}', ${run}.meant_all)
  from (select) one
  left join job_task t on t.domain_id = ${run}.domain_id and t.seq = ${run}.task_seq
  left join job j on j.domain_id = t.domain_id and j.job_id = t.job_id`

const READ_OLD = `
select r.contributor_id, r.task_seq, r.seen, n.seen as newer,
       coalesce(own.meant_all, not r.complete) and not exists (
         select from run m cross join lateral (${meantAll('m')}) later(meant_all)
          where m.domain_id = $1 and m.contributor_id = r.contributor_id and m.task_seq > r.task_seq and later.meant_all
       ) as is_newest_of_all
  from run r
 cross join lateral (
   select seen from run where domain_id = $1 and contributor_id = r.contributor_id and task_seq > r.task_seq
    order by task_seq limit 1
 ) n
 cross join lateral (${meantAll('r')}) own(meant_all)
 where r.domain_id = $1 and r.finished_at < $2 and (r.contributor_id, r.task_seq) > ($3, $4)
 order by r.contributor_id, r.task_seq limit ${MAX_RUNS}`

/**
 * Removes those of the next old runs that say nothing the run after them does not say, too: when a resource
 * was last seen must stay known, and for one that is missing since then only an old run knows it. Nor does
 * the newest go that meant to read everything: how it ended is what the ledger says. `next` is undefined at
 * the end.
 */
export async function removeOldRuns(
  db: Database,
  domainId: string,
  { before, after }: { readonly before: Date; readonly after: RunCursor },
): Promise<{ readonly removed: number; readonly next: RunCursor | undefined }> {
  const runs = await db.query<RunRow>(READ_OLD, [domainId, before, after.contributorId, after.taskSeq])
  const superfluous = runs.filter(({ seen, newer, isNewestOfAll }) => !isNewestOfAll && isWithin(seen, newer))
  await db.query(
    `delete from run using unnest($2::int4[], $3::int8[]) as gone(contributor_id, task_seq)
      where run.domain_id = $1 and run.contributor_id = gone.contributor_id and run.task_seq = gone.task_seq`,
    [
      domainId,
      int4Array(superfluous.map(({ contributorId }) => contributorId)),
      int8Array(superfluous.map(({ taskSeq }) => taskSeq)),
    ],
  )
  const last = runs.at(-1)
  const next = last && { contributorId: last.contributorId, taskSeq: last.taskSeq }
  return { removed: superfluous.length, next: runs.length === MAX_RUNS ? next : undefined }
}

/** Whether every bit of a bitmap is set in another one. Pure. */
export function isWithin(seen: Uint8Array, other: Uint8Array): boolean {
  return seen.every((byte, at) => (byte & ~(other[at] ?? 0)) === 0)
}
