import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from '../access/index.ts'
import { toError } from '../core/errors.ts'
import type { Database } from '../storage/index.ts'
import { longestGapS } from './longest-gap.ts'
import { planOf, type Schedule } from './schedule.ts'
import { hasUnknownGaps, holdUnknownGaps, storeGaps } from './sql/unknown-gaps.ts'

/** Each takes some ten milliseconds, in which nothing else is done here; between two whatever waits has its turn. */
const AT_ONCE = 25

type FillDeps = { readonly db: Database; readonly log: Logger }

/**
 * Looks for the longest gap of some of the plans that were set before it was kept, so that what they bring is
 * too old by the same rule as all else. True when that of every plan is known. Safe to run anywhere, any
 * time.
 */
export async function fillGaps({ db, log }: FillDeps): Promise<boolean> {
  const filled = await db.transaction(async (tx) => {
    const schedules = await holdUnknownGaps(tx, AT_ONCE)
    const gaps: (Schedule & { readonly gapS: number })[] = []
    for (const schedule of schedules) {
      gaps.push({ ...schedule, gapS: gapOf(schedule, log) })
      await nextTurn()
    }
    if (gaps.length > 0) await storeGaps(tx, gaps)
    return gaps.length
  })
  return filled === 0 && !(await hasUnknownGaps(db))
}

function gapOf(schedule: Schedule, log: Logger): number {
  try {
    return longestGapS(planOf(schedule), schedule.countsFrom)
  } catch (thrown) {
    const { domainId, scheduleId } = schedule
    log.warn({ domainId, scheduleId, err: toError(thrown) }, 'the longest gap of a plan cannot be found')
    return 0
  }
}
