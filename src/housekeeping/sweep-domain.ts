import type { Logger } from '../access/index.ts'
import type { Clock } from '../core/clock.ts'
import { toError, Unavailable } from '../core/errors.ts'
import { removeOldFailures, removeOldReceipts } from '../coverage/index.ts'
import { removeOldEvents } from '../events/index.ts'
import {
  FIRST_RUN,
  type RunCursor,
  removeDeleted,
  removeOldRecords,
  removeOldRuns,
} from '../inventory/index.ts'
import { removeOldJobs, sweepPastTasks } from '../jobs/index.ts'
import { removeOldOpenings } from '../secrets/index.ts'
import type { Database } from '../storage/index.ts'
import type { ClaimedDomain } from './claim-domain.ts'

/** What was removed, by kind. Events count as rows, of which one may name a thousand resources. */
export type Removed = {
  jobs: number
  runs: number
  failures: number
  receipts: number
  events: number
  history: number
  openings: number
  /** Resources that were DELETED, each with its history. */
  resources: number
  /** What was left of the tasks of jobs that had gone before. */
  tasks: number
}

export function nothingRemoved(): Removed {
  return {
    jobs: 0,
    runs: 0,
    failures: 0,
    receipts: 0,
    events: 0,
    history: 0,
    openings: 0,
    resources: 0,
    tasks: 0,
  }
}

type SweepDeps = {
  readonly db: Database
  readonly log: Logger
  readonly now: Clock
  /** Called between batches: lets others have the database, and throws when it is time to stop. */
  readonly pause: () => Promise<void>
}

const DAY_MS = 86_400_000

/**
 * Removes what a domain no longer keeps, in small batches, each a transaction of its own. Adds to `sum` as
 * soon as a batch is gone for good, so that it is right also for a sweep that ends half-way. A kind that
 * cannot be removed is logged, and keeps the others from nothing.
 */
export async function sweepDomain(deps: SweepDeps, domain: ClaimedDomain, sum: Removed): Promise<void> {
  const { domainId, jobDays, runDays, eventDays, historyDays, openingDays, deletedDays } = domain
  const sweep = async (kind: keyof Removed, days: number, nextBatch: (before: Date) => NextBatch) => {
    if (days === 0) return
    const removeBatch = nextBatch(new Date(deps.now().getTime() - days * DAY_MS))
    for (;;) {
      const { removed, more } = await removeBatch().catch((thrown: unknown) => {
        if (thrown instanceof Unavailable) throw thrown
        deps.log.error({ domainId, kind, err: toError(thrown) }, 'what is too old cannot be removed')
        return { removed: 0, more: false }
      })
      sum[kind] += removed
      if (!more) return
      await deps.pause()
    }
  }
  const { db } = deps
  await sweep('jobs', jobDays, (before) => untilNone(() => removeOldJobs(db, domainId, before)))
  await sweep('runs', runDays, (before) => nextRuns(db, domainId, before))
  await sweep('failures', runDays, (before) => untilNone(() => removeOldFailures(db, domainId, before)))
  await sweep('receipts', runDays, (before) => untilNone(() => removeOldReceipts(db, domainId, before)))
  await sweep('events', eventDays, (before) => untilNone(() => removeOldEvents(db, domainId, before)))
  await sweep('resources', deletedDays, (before) => () => removeDeleted(db, domainId, before))
  await sweep('history', historyDays, (before) => untilNone(() => removeOldRecords(db, domainId, before)))
  await sweep('openings', openingDays, (before) => untilNone(() => removeOldOpenings(db, domainId, before)))
  // After all that may still have named them.
  await sweep('tasks', runDays, (before) => nextTasks(db, domainId, { before, now: deps.now() }))
}

/** Removes the next batch; `more` if another may follow. */
type NextBatch = () => Promise<{ readonly removed: number; readonly more: boolean }>

function untilNone(remove: () => Promise<number>): NextBatch {
  return async () => {
    const removed = await remove()
    return { removed, more: removed > 0 }
  }
}

function nextRuns(db: Database, domainId: string, before: Date): NextBatch {
  let after: RunCursor = FIRST_RUN
  return async () => {
    const { removed, next } = await removeOldRuns(db, domainId, { before, after })
    after = next ?? after
    return { removed, more: next !== undefined }
  }
}

function nextTasks(
  db: Database,
  domainId: string,
  times: { readonly before: Date; readonly now: Date },
): NextBatch {
  return async () => {
    const { looked, removed } = await sweepPastTasks(db, domainId, times)
    return { removed, more: looked > 0 }
  }
}
