import type { Sql } from '../../storage/index.ts'

/** A slot of a contributor, and the sequence of the run that last changed what stands in it. */
export type Slot = { readonly contributorId: number; readonly slot: number; readonly changedSeq: number }

/** The newest run that saw a slot. */
export type Sighting = { readonly taskSeq: number; readonly jobTaskId: string; readonly finishedAt: Date }

/**
 * Finds for each slot the newest run that saw it; `slotKey` names the entries. Most are in the newest run, so
 * that one is asked first and older ones in growing chunks, for what is still open. A slot without an entry
 * was seen by no finished run since `changedSeq`: the task that changed it still runs.
 */
export async function findLastSightings(
  sql: Sql,
  domainId: string,
  slots: readonly Slot[],
): Promise<ReadonlyMap<string, Sighting>> {
  const sightings = new Map<string, Sighting>()
  let open = slots
  for (let skip = 0, take = 1; open.length > 0; skip += take, take *= 8) {
    const { found, runs } = await searchRuns(sql, domainId, { open, skip, take })
    for (const one of found) sightings.set(slotKey(one), one)
    open = open.filter((one) => !sightings.has(slotKey(one)) && (runs.get(one.contributorId) ?? 0) === take)
  }
  return sightings
}

export function slotKey({ contributorId, slot }: Pick<Slot, 'contributorId' | 'slot'>): string {
  return `${contributorId}:${slot}`
}

type Found = Sighting & Pick<Slot, 'contributorId' | 'slot'>
type FoundRow = Omit<Found, 'slot'> & { readonly slot: number | null; readonly runs: number }

/**
 * A bitmap is concatenated with nothing to open it once a run: get_bit on the stored value would fetch and
 * decompress all of it for every slot. `runs` is how many runs a contributor had left, to know when to stop.
 */
async function searchRuns(
  sql: Sql,
  domainId: string,
  { open, skip, take }: { readonly open: readonly Slot[]; readonly skip: number; readonly take: number },
): Promise<{ readonly found: readonly Found[]; readonly runs: ReadonlyMap<number, number> }> {
  const rows = await sql.query<FoundRow>(
    `with open as (select * from unnest($2::integer[], $3::integer[], $4::bigint[]) as o (contributor_id, slot, changed_seq)),
          contributor as (select contributor_id, min(changed_seq) as oldest from open group by contributor_id),
          recent as materialized (
            select r.contributor_id, r.task_seq, r.job_task_id, r.finished_at, opened.seen,
                   count(*) over (partition by r.contributor_id)::integer as runs
            from contributor
            cross join lateral (
              select * from run
              where run.domain_id = $1 and run.contributor_id = contributor.contributor_id
                and run.task_seq >= contributor.oldest
              order by run.task_seq desc limit $5 offset $6
            ) r
            cross join lateral (select r.seen || ''::bytea as seen offset 0) opened
          )
     select distinct on (recent.contributor_id, o.slot)
            recent.contributor_id, o.slot, recent.task_seq, recent.job_task_id, recent.finished_at, recent.runs
     from recent
     left join open o on o.contributor_id = recent.contributor_id and o.slot < octet_length(recent.seen) * 8
       and get_bit(recent.seen, o.slot) = 1
     order by recent.contributor_id, o.slot, recent.task_seq desc`,
    [
      domainId,
      open.map((one) => one.contributorId),
      open.map((one) => one.slot),
      open.map((one) => one.changedSeq),
      take,
      skip,
    ],
  )
  const found = rows.flatMap((row) => (row.slot === null ? [] : [{ ...row, slot: row.slot }]))
  return { found, runs: new Map(rows.map((row) => [row.contributorId, row.runs])) }
}
