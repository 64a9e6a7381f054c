import type { Logger } from '../../../access/index.ts'
import { toError } from '../../../core/errors.ts'
import type { Database } from '../../../storage/index.ts'

/** Resources that a run has created when the planner is told of them, in order. */
const MARKS = [2_000, 20_000, 200_000]

/**
 * Tells the planner of a domain that grows. Autovacuum looks once a minute at best; until then PostgreSQL
 * takes a domain that its statistics do not know for a row or two, finds every index that begins with
 * `domain_id` equally good, and may read the whole domain for each resource: a first collect of 50,000 beside
 * other domains took 94 s instead of 12. The returned function takes how many resources a batch has created;
 * a failure is logged, never thrown.
 */
export function createStatisticsRefresh(
  { db, log }: { readonly db: Database; readonly log: Logger },
  jobTaskId: string,
): (created: number) => Promise<void> {
  let total = 0
  let reached = 0
  return async (created) => {
    total += created
    const mark = MARKS[reached]
    if (mark === undefined || total < mark) return
    reached = MARKS.filter((each) => each <= total).length
    try {
      // Whoever holds the tables is analyzing or altering them: either way nothing is to be waited for.
      await db.query('analyze (skip_locked) cloud_service, contribution')
    } catch (thrown) {
      log.warn({ jobTaskId, err: toError(thrown).message }, 'statistics could not be refreshed')
    }
  }
}
