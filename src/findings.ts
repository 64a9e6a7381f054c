import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './storage/index.ts'

/** What an inventory holds, at a glance. */
export type Findings = {
  readonly total: number
  /** Largest first. */
  readonly kinds: readonly FoundKind[]
}

type FoundKind = {
  readonly provider: string
  readonly group: string
  readonly type: string
  readonly count: number
  /** A few names. */
  readonly examples: readonly string[]
}

const POLL_MS = 100

/** Counts the active resources of a domain by kind, with a few names of each. */
export async function readFindings(db: Database, domainId: string): Promise<Findings> {
  const kinds = await db.query<FoundKind>(
    `select k.provider, k."group", k.type, k.count::int4 as count,
            array(select s.name from cloud_service s
                   where s.domain_id = $1 and s.provider = k.provider and s.cloud_service_group = k."group"
                     and s.cloud_service_type = k.type and s.state = 'ACTIVE' and s.name <> ''
                   limit 3) as examples
       from (select provider, cloud_service_group as "group", cloud_service_type as type, count(*) as count
               from cloud_service where domain_id = $1 and state = 'ACTIVE' group by 1, 2, 3) k
      order by k.count desc, k.provider, k."group", k.type`,
    [domainId],
  )
  return { total: kinds.reduce((sum, { count }) => sum + count, 0), kinds }
}

export type FinishedJob = { readonly status: string; readonly errors: readonly string[] }

/** Waits until a job has ended; tells how, and what went wrong. */
export async function waitForJob(
  db: Database,
  job: { domainId: string; jobId: string },
  signal: AbortSignal,
): Promise<FinishedJob> {
  for (;;) {
    const ended = await findEnd(db, job)
    if (ended !== undefined) return ended
    await sleep(POLL_MS, undefined, { signal })
  }
}

/** How a job has ended; undefined while it runs. */
export async function findEnd(
  db: Database,
  { domainId, jobId }: { domainId: string; jobId: string },
): Promise<FinishedJob | undefined> {
  const [job] = await db.query<{ status: string; finishedAt: Date | null; errors: string[] }>(
    `select j.status, j.finished_at,
            array(select e ->> 'message' from job_task t, jsonb_array_elements(j.errors || t.errors) e
                   where t.domain_id = j.domain_id and t.job_id = j.job_id) as errors
       from job j where j.domain_id = $1 and j.job_id = $2`,
    [domainId, jobId],
  )
  if (job === undefined) throw new Error(`job '${jobId}' is gone`)
  return job.finishedAt === null ? undefined : job
}
