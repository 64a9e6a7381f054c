import type { Clock } from '../core/clock.ts'
import { removeOldFailures, removeOldReceipts } from '../coverage/index.ts'
import { removeOldEvents } from '../events/index.ts'
import { FIRST_RUN, type RunCursor, removeOldRecords, removeOldRuns } from '../inventory/index.ts'
import { removeOldJobs, sweepPastTasks } from '../jobs/index.ts'
import { removeOldOpenings } from '../secrets/index.ts'
import type { Database } from '../storage/index.ts'
import type { ClaimedDomain } from './claim-domain.ts'

/** What was removed. Events count as rows, of which one may name a thousand resources. */
export type Removed = {
  readonly jobs: number
  readonly runs: number
  readonly failures: number
  readonly receipts: number
  readonly events: number
  readonly history: number
  readonly openings: number
  /** What was left of the tasks of jobs that had gone before. */
  readonly tasks: number
}

export const NOTHING_REMOVED: Removed = {
  jobs: 0,
  runs: 0,
  failures: 0,
  receipts: 0,
  events: 0,
  history: 0,
  openings: 0,
  tasks: 0,
}

export function addRemoved(one: Removed, other: Removed): Removed {
  return {
    jobs: one.jobs + other.jobs,
    runs: one.runs + other.runs,
    failures: one.failures + other.failures,
    receipts: one.receipts + other.receipts,
    events: one.events + other.events,
    history: one.history + other.history,
    openings: one.openings + other.openings,
    tasks: one.tasks + other.tasks,
  }
}

export type SweepDeps = {
  readonly db: Database
  readonly now: Clock
  /** Called between batches: lets others have the database, and throws when it is time to stop. */
  readonly pause: () => Promise<void>
}

const DAY_MS = 86_400_000

/** Removes what a domain no longer keeps, in small batches, each a transaction of its own. */
export async function sweepDomain(deps: SweepDeps, domain: ClaimedDomain): Promise<Removed> {
  const { domainId, jobDays, runDays, eventDays, historyDays, openingDays } = domain
  const sweep = (days: number, remove: Remove) => sweepBatches(deps, days, remove)
  return {
    jobs: await sweep(jobDays, (db, before) => removeOldJobs(db, domainId, before)),
    runs: await sweepRuns(deps, domainId, runDays),
    failures: await sweep(runDays, (db, before) => removeOldFailures(db, domainId, before)),
    receipts: await sweep(runDays, (db, before) => removeOldReceipts(db, domainId, before)),
    events: await sweep(eventDays, (db, before) => removeOldEvents(db, domainId, before)),
    history: await sweep(historyDays, (db, before) => removeOldRecords(db, domainId, before)),
    openings: await sweep(openingDays, (db, before) => removeOldOpenings(db, domainId, before)),
    // After all that may still have named them.
    tasks: await sweepTasks(deps, domainId, runDays),
  }
}

type Remove = (db: Database, before: Date) => Promise<number>

async function sweepBatches({ db, now, pause }: SweepDeps, days: number, remove: Remove): Promise<number> {
  if (days === 0) return 0
  const before = new Date(now().getTime() - days * DAY_MS)
  for (let sum = 0; ; ) {
    const removed = await remove(db, before)
    if (removed === 0) return sum
    sum += removed
    await pause()
  }
}

async function sweepRuns({ db, now, pause }: SweepDeps, domainId: string, days: number): Promise<number> {
  if (days === 0) return 0
  const before = new Date(now().getTime() - days * DAY_MS)
  let sum = 0
  for (let after: RunCursor | undefined = FIRST_RUN; after !== undefined; ) {
    const { removed, next } = await removeOldRuns(db, domainId, { before, after })
    sum += removed
    after = next
    await pause()
  }
  return sum
}

async function sweepTasks({ db, now, pause }: SweepDeps, domainId: string, days: number): Promise<number> {
  if (days === 0) return 0
  const at = now()
  const before = new Date(at.getTime() - days * DAY_MS)
  for (let sum = 0; ; ) {
    const { looked, removed } = await sweepPastTasks(db, domainId, { before, now: at })
    if (looked === 0) return sum
    sum += removed
    await pause()
  }
}
