import type { Clock } from './core/clock.ts'
import { toError } from './core/errors.ts'
import { readQueue, type Worker } from './jobs/index.ts'
import type { Scheduler } from './schedules/index.ts'
import type { Health } from './server/index.ts'
import { type Database, type Room, TROUBLES } from './storage/index.ts'

const LOOK_EVERY_MS = 1_000
/**
 * The worker asks for work every 2 s, the scheduler every half second; this long without it means that
 * nothing progresses.
 */
const STALE_AFTER_MS = 10_000
const ANSWER_WITHIN_MS = 1_500
/** The queue is read more rarely than the rest: it is one query over all open tasks. */
const QUEUE_LOOK_EVERY_MS = 5_000
/** Workers take due tasks and expired leases within seconds; a minute means that there is none that works. */
const QUEUE_STALE_AFTER_MS = 60_000

type HealthWatch = { look(): Promise<void>; stop(): Promise<void> }

/**
 * Keeps health true: serving means that the database answers and can store, that the worker has lately been
 * able to look for work, and that somebody takes the tasks that are due. A process that is alive but wedged
 * says so.
 */
export function watchHealth(deps: {
  db: Database
  room: Room
  health: Health
  worker: Worker | undefined
  scheduler: Scheduler | undefined
  now: Clock
  /** How long the database may take to answer. Default 1.5 s. */
  answerWithinMs?: number
}): HealthWatch {
  const { db, room, health, worker, scheduler, now, answerWithinMs = ANSWER_WITHIN_MS } = deps
  let isStopped = false
  let looking = Promise.resolve()
  let isTimed = false
  let queue: { readonly problem: string | undefined; readonly at: number } | undefined

  async function lookAtQueue(): Promise<string | undefined> {
    if (queue === undefined || performance.now() - queue.at >= QUEUE_LOOK_EVERY_MS)
      queue = { problem: await queueProblem(db, answerWithinMs), at: performance.now() }
    return queue.problem
  }

  /** One after the other: the answers of two at once might come in the wrong order. */
  function look(): Promise<void> {
    looking = looking.then(lookOnce)
    return looking
  }

  async function lookOnce(): Promise<void> {
    // The disk first: where it is full the database may not answer either, and the disk is what can be
    // mended.
    const reason =
      (await room.problem(db)) ??
      (await databaseProblem(db, answerWithinMs)) ??
      lookProblem('worker', worker, now()) ??
      lookProblem('scheduler', scheduler, now()) ??
      (await lookAtQueue())
    if (isStopped) return
    const state = health.current()
    if (reason === undefined) {
      if (!state.serving) health.setServing()
    } else if (state.serving || state.reason !== reason) health.setNotServing(reason)
  }

  /** The next one looks again where a look takes longer than its turn. */
  async function lookInTime(): Promise<void> {
    if (isTimed) return
    isTimed = true
    await look()
    isTimed = false
  }

  const timer = setInterval(() => void lookInTime(), LOOK_EVERY_MS)
  return {
    look,
    async stop() {
      isStopped = true
      clearInterval(timer)
      health.setNotServing('stopping')
    },
  }
}

// What answers may still be a standby that was once the primary, or be closed to changes by whoever runs it.
const ASK = `select pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as is_read_only`

async function databaseProblem(db: Database, withinMs: number): Promise<string | undefined> {
  try {
    const [row] = await db.transaction((tx) => tx.query<{ isReadOnly: boolean }>(ASK), {
      readOnly: true,
      signal: AbortSignal.timeout(withinMs),
    })
    return row?.isReadOnly ? `the database ${TROUBLES.read_only.says}. ${TROUBLES.read_only.help}` : undefined
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

/** What no worker of any process does: then no job goes on, however well this process is. */
async function queueProblem(db: Database, withinMs: number): Promise<string | undefined> {
  try {
    const { expiredMs, untakenMs } = await db.transaction(readQueue, {
      readOnly: true,
      signal: AbortSignal.timeout(withinMs),
    })
    const waitedMs = Math.max(expiredMs, untakenMs)
    if (waitedMs < QUEUE_STALE_AFTER_MS) return undefined
    const what = expiredMs > untakenMs ? 'the tasks of a worker that vanished' : 'the tasks that are due'
    return `no worker has taken ${what} for ${Math.round(waitedMs / 1_000)} s: start one, or see the log of those that run`
  } catch (thrown) {
    return `the queue cannot be read: ${toError(thrown).message}`
  }
}
