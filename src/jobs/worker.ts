import { toError, Unavailable } from '../core/errors.ts'
import { DEFAULT_COVERAGE_SETTINGS } from '../coverage/index.ts'
import { LeaseLost } from './lease/lease-lost.ts'
import { reapLeases } from './lease/reap-leases.ts'
import { newWorkerId } from './lease/worker-id.ts'
import { createPartStore, type StorePart } from './part/index.ts'
import type { WakeUps } from './queue/queue.ts'
import type { TaskNotices } from './queue/task-notices.ts'
import { DEFAULT_ATTEMPT_LIMITS } from './run/retry.ts'
import { type RunDeps, type RunLimits, runTask } from './run/run-task.ts'
import { createTaskMeter, type TaskTotals } from './run/task-meter.ts'
import { pinCollectors } from './take/pin-collectors.ts'
import { createRollCall, type RollCall } from './take/roll-call.ts'
import { type TaskLimits, takeTask } from './take/take-task.ts'
import type { TakenTask } from './task.ts'

/** How a worker works. All times in milliseconds. */
export type WorkerSettings = RunLimits & {
  /** Tasks at once. Default 4. */
  readonly capacity: number
  /** How often it looks for work by itself, and takes tasks back from workers that vanished. Default 2 s. */
  readonly lookEveryMs: number
  /**
   * Labels that collectors may select it by, `key=value`. Only with one of `machine=…` it pins collectors.
   * Default none.
   */
  readonly labels: readonly string[]
  /** How long a task waits when no live worker carries its labels, before it fails. Default 10 min. */
  readonly unservedAfterMs: number
  /** Tasks that may run at once on all servers together. Default any number. */
  readonly limits: TaskLimits
  /** How long running tasks may go on when the worker stops, before they are given back. Default 5 s. */
  readonly stopGraceMs: number
}

export const DEFAULT_WORKER_SETTINGS: WorkerSettings = {
  capacity: 4,
  labels: [],
  unservedAfterMs: 600_000,
  limits: { perDomain: 0, perProvider: 0 },
  lookEveryMs: 2_000,
  stopGraceMs: 5_000,
  leaseMs: 10_000,
  renewEveryMs: 3_000,
  taskTimeoutMs: 6 * 3_600_000,
  coverage: DEFAULT_COVERAGE_SETTINGS,
  attempts: DEFAULT_ATTEMPT_LIMITS,
}

export type WorkerDeps = Omit<RunDeps, 'meter' | 'storePart'> & {
  readonly wakeUps: WakeUps
  readonly notices: TaskNotices
  /** Default: in this thread. */
  readonly storePart?: StorePart
}

const FULL = 'ERROR_DATABASE_FULL'

type Attempt = {
  readonly task: TakenTask
  readonly canceled: AbortController
  readonly held: AbortController
}

/** What a health check may ask of a worker. */
type WorkerProgress = {
  readonly runningTasks: number
  /** When it last could ask the database for work; undefined before the first time. */
  readonly lookedAt: Date | undefined
  readonly totals: TaskTotals
}

/**
 * Takes tasks and runs them. A wake-up makes it look at once; every `lookEveryMs` it looks without one, so
 * that a lost wake-up, a vanished worker or a database that was away only delays work.
 */
export class Worker {
  readonly id = newWorkerId()
  readonly #deps: WorkerDeps
  readonly #settings: WorkerSettings
  readonly #meter = createTaskMeter()
  readonly #rollCall: RollCall
  readonly #storePart: StorePart
  readonly #running = new Map<Promise<void>, Attempt>()
  readonly #stop = new AbortController()
  #state: 'created' | 'working' | 'stopping' | 'stopped' = 'created'
  #timer: NodeJS.Timeout | undefined
  #stopWaking: (() => Promise<void>) | undefined
  #stopListening: (() => Promise<void>) | undefined
  #looking: Promise<void> | undefined
  #mustLookAgain = false
  #lookedAt: Date | undefined
  #isHeldBack = false

  constructor(deps: WorkerDeps, settings: Partial<WorkerSettings> = {}) {
    this.#deps = deps
    this.#settings = { ...DEFAULT_WORKER_SETTINGS, ...settings }
    const { labels, unservedAfterMs } = this.#settings
    this.#storePart = deps.storePart ?? createPartStore(deps)
    this.#rollCall = createRollCall(deps, { id: this.id, labels, unservedAfterMs })
  }

  /** Begins to work; resolves when wake-ups arrive. */
  async start(): Promise<void> {
    this.#state = 'working'
    this.#stopWaking = await this.#deps.wakeUps.onWake(() => this.#look())
    this.#stopListening = await this.#deps.notices.onCanceled((jobTaskId) => this.#abandon(jobTaskId))
    this.#timer = setInterval(() => this.#look(), this.#settings.lookEveryMs)
    this.#look()
  }

  progress(): WorkerProgress {
    return { runningTasks: this.#running.size, lookedAt: this.#lookedAt, totals: this.#meter.totals() }
  }

  /** Takes no more tasks, lets the running ones go on for a moment, then gives back what has not ended. */
  async stop(): Promise<void> {
    if (this.#state !== 'working') return
    this.#state = 'stopping'
    clearInterval(this.#timer)
    await this.#stopWaking?.()
    await this.#looking
    const grace = setTimeout(() => this.#stop.abort(), this.#settings.stopGraceMs)
    await Promise.all(this.#running.keys())
    clearTimeout(grace)
    await this.#leave()
    await this.#stopListening?.()
    this.#state = 'stopped'
  }

  /** When the database is away too, the row grows old by itself. */
  async #leave(): Promise<void> {
    await this.#rollCall.leave().catch((thrown: unknown) => {
      this.#deps.log.debug({ workerId: this.id, err: toError(thrown).message }, 'worker left without a word')
    })
  }

  /** Looks for work now, or once more when a look is under way. */
  #look(): void {
    if (this.#state !== 'working') return
    this.#mustLookAgain = true
    this.#looking ??= this.#lookUntilQuiet()
  }

  async #lookUntilQuiet(): Promise<void> {
    while (this.#mustLookAgain && this.#state === 'working') {
      this.#mustLookAgain = false
      try {
        await this.#rollCall.answer()
        await reapLeases(this.#deps, this.#settings.attempts.maxLost)
        await this.#takeWhatFits()
        this.#lookedAt = this.#deps.now()
      } catch (thrown) {
        this.#deps.log.warn(
          { workerId: this.id, err: toError(thrown).message },
          'worker could not look for tasks',
        )
      }
    }
    // In the same turn as the last check above, so that no call of #look falls between them.
    this.#looking = undefined
  }

  async #takeWhatFits(): Promise<void> {
    const { db, now } = this.#deps
    const { capacity, leaseMs, labels, limits } = this.#settings
    if (!(await this.#mayStore())) return
    if (this.#running.size < capacity) await pinCollectors(this.#deps, labels)
    while (this.#running.size < capacity && this.#state === 'working') {
      const task = await takeTask(db, { owner: this.id, leaseMs, now: now(), labels, limits })
      if (task === undefined) return
      this.#run(task)
      // What comes to wait from now on has a wake-up of its own.
      if (!task.othersWait) return
    }
  }

  /**
   * While the database cannot store nothing is taken, and what runs is given back: going on would only fail.
   */
  async #mayStore(): Promise<boolean> {
    const { db, log, room } = this.#deps
    const problem = await room?.problem(db)
    if (problem !== undefined) {
      if (!this.#isHeldBack) log.error({ workerId: this.id }, `tasks wait: ${problem}`)
      for (const { held } of this.#running.values()) held.abort(new Unavailable(FULL, problem))
    } else if (this.#isHeldBack) log.info({ workerId: this.id }, 'the database stores again: tasks go on')
    this.#isHeldBack = problem !== undefined
    return !this.#isHeldBack
  }

  #run(task: TakenTask): void {
    const { jobTaskId, attempt } = task
    this.#deps.log.info({ workerId: this.id, jobTaskId, attempt }, 'task taken')
    const canceled = new AbortController()
    const held = new AbortController()
    const signals = {
      stop: AbortSignal.any([this.#stop.signal, held.signal]),
      canceled: canceled.signal,
    }
    const deps = { ...this.#deps, storePart: this.#storePart, meter: this.#meter }
    const run = runTask(deps, task, this.#settings, signals).finally(() => {
      this.#running.delete(run)
      this.#look()
    })
    this.#running.set(run, { task, canceled, held })
  }

  /** Ends the attempt of a task that was canceled, if it runs here. Its row has moved on already. */
  #abandon(jobTaskId: string): void {
    for (const { task, canceled } of this.#running.values()) {
      if (task.jobTaskId === jobTaskId) canceled.abort(new LeaseLost(task))
    }
  }
}
