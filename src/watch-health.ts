import type { Clock } from './core/clock.ts'
import { toError } from './core/errors.ts'
import type { Worker } from './jobs/index.ts'
import type { Scheduler } from './schedules/index.ts'
import type { Health } from './server/index.ts'
import type { Database } from './storage/index.ts'

const LOOK_EVERY_MS = 1_000
/** The worker asks for work every 2 s, the scheduler every half second; this long without it means that nothing progresses. */
const STALE_AFTER_MS = 10_000
const ANSWER_WITHIN_MS = 1_500

export type HealthWatch = { look(): Promise<void>; stop(): Promise<void> }

/**
 * Keeps health true: serving means that the database answers and that the worker has lately been able to look for
 * work. A process that is alive but wedged says so.
 */
export function watchHealth(deps: {
  db: Database
  health: Health
  worker: Worker | undefined
  scheduler: Scheduler | undefined
  now: Clock
}): HealthWatch {
  const { db, health, worker, scheduler, now } = deps
  let isStopped = false

  async function look(): Promise<void> {
    const reason =
      (await databaseProblem(db)) ??
      lookProblem('worker', worker, now()) ??
      lookProblem('scheduler', scheduler, now())
    if (isStopped) return
    const state = health.current()
    if (reason === undefined) {
      if (!state.serving) health.setServing()
    } else if (state.serving || state.reason !== reason) health.setNotServing(reason)
  }

  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  return {
    look,
    async stop() {
      isStopped = true
      clearInterval(timer)
      health.setNotServing('stopping')
    },
  }
}

async function databaseProblem(db: Database): Promise<string | undefined> {
  try {
    await db.transaction((tx) => tx.query('select 1'), {
      readOnly: true,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    return undefined
  } catch (thrown) {
    return `the database does not answer: ${toError(thrown).message}`
  }
}

function lookProblem(who: string, looker: Worker | Scheduler | undefined, now: Date): string | undefined {
  const lookedAt = looker?.progress().lookedAt
  if (looker === undefined || (lookedAt && now.getTime() - lookedAt.getTime() < STALE_AFTER_MS))
    return undefined
  return lookedAt
    ? `the ${who} has not looked for work since ${lookedAt.toISOString()}`
    : `the ${who} has not started yet`
}
