import type { Clock } from '../../src/core/clock.ts'
import type { ClaimedDomain } from '../../src/housekeeping/claim-domain.ts'
import { nothingRemoved, type Removed, sweepDomain } from '../../src/housekeeping/sweep-domain.ts'
import type { Database } from '../../src/storage/index.ts'
import { silentLog } from '../support/silent-log.ts'

/** What a domain keeps that keeps everything. */
export const FOR_EVER = {
  jobDays: 0,
  runDays: 0,
  eventDays: 0,
  historyDays: 0,
  openingDays: 0,
  deletedDays: 0,
}

/** Sweeps a domain that keeps everything but what is named, without rest; tells what was removed. */
export function createSweep(db: Database, now: Clock) {
  return async (domainId: string, retention: Partial<ClaimedDomain>): Promise<Removed> => {
    const removed = nothingRemoved()
    const deps = { db, log: silentLog, now, pause: async () => {} }
    await sweepDomain(deps, { domainId, ...FOR_EVER, ...retention }, removed)
    return removed
  }
}
