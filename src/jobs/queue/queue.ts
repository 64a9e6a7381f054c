import { type ConnectionOptions, PgBoss } from 'pg-boss'
import type { Logger } from '../../access/index.ts'
import type { Connection, Transaction } from '../../storage/index.ts'
import type { TaskKey } from '../task.ts'
import { grantSending } from './grant-sending.ts'

const QUEUE = 'job-task'

const DAY_S = 86_400

/**
 * How a wake-up lives. Losing one costs at most the worker's own look every 2 s, so nothing is ever repeated;
 * but one that nobody has read yet is kept, whatever the queue's defaults (two weeks) say.
 */
const WAKE_UP = {
  policy: 'standard',
  notify: true,
  retryLimit: 0,
  expireInSeconds: 60,
  retentionSeconds: 3_650 * DAY_S,
  deleteAfterSeconds: 60,
} as const

/**
 * Everything that pg-boss would do on its own and that wake-ups do not need is off, or as rare as it can be.
 */
const QUIET = {
  schedule: false,
  reindex: false,
  monitorVacuum: false,
  registerInstance: false,
  bamIntervalSeconds: 3_600,
  flowIntervalSeconds: 3_600,
  openTelemetry: { enabled: false },
} as const

/**
 * Wake-ups of this process that are remembered until they come by: about a megabyte. What is forgotten costs
 * one look more.
 */
const MOST_ANSWERED = 10_000

type WakeOptions = {
  /** From when on the task is due, counted from now. Default 0. */
  readonly delayMs?: number
}

/** Sends wake-ups for tasks within the transaction that makes the tasks takeable. */
export interface TaskQueue {
  wake(tx: Transaction, task: TaskKey, options?: WakeOptions): Promise<void>
  /** The same for many tasks that are due now, in one statement. */
  wakeAll(tx: Transaction, tasks: readonly TaskKey[]): Promise<void>
}

/** Tells workers that there may be something to take. */
export interface WakeUps {
  /** Calls `look` until the returned function is called. */
  onWake(look: () => void): Promise<() => Promise<void>>
}

type PgBossQueueOptions = {
  readonly connection: Connection
  readonly log: Logger
  /** Schema of pg-boss's own tables. Default `pgboss`. */
  readonly schema?: string
}

/**
 * Wake-ups for workers over pg-boss, in a schema of its own in the same database. A wake-up says "look", not
 * "run this": what there is to do stands in `job_task`. It holds two connections and one that listens, and
 * outlives restarts of the database: it reconnects by itself, and polls until it has.
 */
export class PgBossQueue implements TaskQueue, WakeUps {
  readonly #boss: PgBoss
  readonly #schema: string
  /** Who listens in this process. */
  readonly #looks = new Set<() => void>()
  /** Wake-ups that were sent here and for which all of these have looked. */
  readonly #answered = new Set<string>()

  constructor({ connection, log, schema = 'pgboss' }: PgBossQueueOptions) {
    this.#schema = schema
    this.#boss = new PgBoss({
      ...connection,
      ...QUIET,
      schema,
      max: 2,
      useListenNotify: true,
      application_name: 'gleaner queue',
    })
    this.#boss.on('error', (error) => log.warn({ err: error.message }, 'wake-up queue: database error'))
    this.#boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'wake-up queue: warning'))
  }

  /** Creates or upgrades pg-boss's tables and connects. */
  async start(): Promise<void> {
    await this.#boss.start()
    await this.#boss.createQueue(QUEUE, WAKE_UP)
    await this.#boss.updateQueue(QUEUE, settingsOf(WAKE_UP))
    await this.#boss.getDb().executeSql(grantSending(this.#schema))
  }

  /**
   * Calls `look` whenever wake-ups arrive, however many at once; for those that were sent by this queue as
   * soon as they are committed, and not once more when they have come through the database. They are done
   * with at that moment and not held while a task runs; a worker that is busy then finds the work when it
   * next looks by itself.
   */
  async onWake(look: () => void): Promise<() => Promise<void>> {
    const options = { batchSize: 1_000, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 30 }
    const id = await this.#boss.work(QUEUE, options, async (wakeUps) => {
      const others = wakeUps.filter((wakeUp) => !this.#answered.delete(wakeUp.id))
      if (others.length > 0) look()
    })
    this.#looks.add(look)
    return () => {
      this.#looks.delete(look)
      return this.#boss.offWork(QUEUE, { id, wait: true })
    }
  }

  async wake(tx: Transaction, task: TaskKey, { delayMs = 0 }: WakeOptions = {}): Promise<void> {
    const id = await this.#boss.send(QUEUE, toData(task), {
      ...within(tx),
      ...(delayMs === 0 ? {} : { startAfter: Math.ceil(delayMs / 1_000) }),
    })
    if (id === null) throw new Error(`the queue took no wake-up for job task '${task.jobTaskId}'`)
    if (delayMs === 0) this.#answerHere(tx, [id])
  }

  async wakeAll(tx: Transaction, tasks: readonly TaskKey[]): Promise<void> {
    if (tasks.length === 0) return
    const wakeUps = tasks.map((task) => ({ data: toData(task) }))
    const ids = await this.#boss.insert(QUEUE, wakeUps, { ...within(tx), returnId: true })
    if (ids?.length !== tasks.length)
      throw new Error(`the queue took ${ids?.length ?? 0} of ${tasks.length} wake-ups`)
    this.#answerHere(tx, ids)
  }

  #answerHere(tx: Transaction, ids: readonly string[]): void {
    tx.afterCommit(() => {
      if (this.#looks.size === 0) return
      if (this.#answered.size + ids.length > MOST_ANSWERED) this.#answered.clear()
      for (const id of ids.slice(0, MOST_ANSWERED)) this.#answered.add(id)
      for (const look of this.#looks) look()
    })
  }

  /** Stops listening and closes the connections. */
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 1_000, close: true })
  }
}

function toData({ domainId, jobTaskId }: TaskKey): object {
  return { domain_id: domainId, job_task_id: jobTaskId }
}

/** Makes pg-boss write on this transaction's connection. */
function within(tx: Transaction): ConnectionOptions {
  return { db: { executeSql: async (text, values) => ({ rows: [...(await tx.query(text, values))] }) } }
}

// The policy is fixed when the queue is made; everything else follows this file at every start.
function settingsOf({ policy: _, ...settings }: typeof WAKE_UP): Omit<typeof WAKE_UP, 'policy'> {
  return settings
}
