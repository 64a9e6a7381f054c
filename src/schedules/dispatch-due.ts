import type { Logger } from '../access/index.ts'
import { GleanerError, toError, Unavailable } from '../core/errors.ts'
import type { TaskQueue } from '../jobs/index.ts'
import type { Database, Sql } from '../storage/index.ts'
import { type Fired, fireSchedules } from './fire-schedules.ts'
import { giveUpOn } from './give-up-on.ts'
import type { Schedule } from './schedule.ts'
import { claimDue, claimOne } from './sql/claim-due.ts'
import { databaseNow } from './sql/database-now.ts'

export type DispatchDeps = {
  readonly db: Database
  readonly queue: TaskQueue
  readonly log: Logger
  /** The clock that all schedulers share. Default: the database's. */
  readonly clock?: (sql: Sql) => Promise<Date>
}

/**
 * Fires what is due, in one transaction for at most `limit` schedules. Any number of schedulers may do so at
 * once. When such a batch cannot be written, its schedules are tried one by one, so that the one to blame
 * harms no other.
 */
export async function dispatchDue(deps: DispatchDeps, limit: number): Promise<Fired> {
  let claimed: readonly Schedule[] = []
  try {
    return await deps.db.transaction(async (tx) => {
      const now = await (deps.clock ?? databaseNow)(tx)
      claimed = await claimDue(tx, { now, limit })
      return await fireSchedules(tx, deps.queue, { schedules: claimed, now })
    })
  } catch (thrown) {
    if (thrown instanceof Unavailable || claimed.length === 0) throw thrown
    deps.log.warn({ schedules: claimed.length, err: toError(thrown) }, 'schedules are started one by one')
    return await dispatchOneByOne(deps, claimed)
  }
}

async function dispatchOneByOne(deps: DispatchDeps, schedules: readonly Schedule[]): Promise<Fired> {
  let sum = NOTHING
  for (const schedule of schedules) sum = add(sum, await dispatchOne(deps, schedule))
  return sum
}

async function dispatchOne(deps: DispatchDeps, schedule: Schedule): Promise<Fired> {
  const { domainId, collectorId, scheduleId } = schedule
  try {
    return await deps.db.transaction(async (tx) => {
      const now = await (deps.clock ?? databaseNow)(tx)
      return await fireSchedules(tx, deps.queue, { schedules: await claimOne(tx, schedule, now), now })
    })
  } catch (thrown) {
    if (thrown instanceof Unavailable) throw thrown
    // It stays due, and comes up again at the next look.
    if (thrown instanceof GleanerError && thrown.retryable) return NOTHING
    deps.log.error(
      { domainId, collectorId, scheduleId, err: toError(thrown) },
      'a schedule cannot start its job',
    )
    return await giveUpOn(deps, schedule)
  }
}

const NOTHING: Fired = { started: 0, refused: 0, passed: 0 }

function add(a: Fired, b: Fired): Fired {
  return { started: a.started + b.started, refused: a.refused + b.refused, passed: a.passed + b.passed }
}
