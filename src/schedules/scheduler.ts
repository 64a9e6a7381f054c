import { toError } from '../core/errors.ts'
import { type DispatchDeps, dispatchDue } from './dispatch-due.ts'
import { fillGaps } from './fill-gaps.ts'

/** How a scheduler works. */
type SchedulerSettings = {
  /** How often it looks for what is due, milliseconds. Default 500. */
  readonly lookEveryMs: number
  /**
   * Schedules in one transaction. Default 250: their collectors are held meanwhile, some tens of
   * milliseconds.
   */
  readonly batchSize: number
}

const DEFAULT_SCHEDULER_SETTINGS: SchedulerSettings = { lookEveryMs: 500, batchSize: 250 }

/** What a health check may ask of a scheduler. */
type SchedulerProgress = {
  /** When it last could ask the database for what is due, or began to; undefined before. */
  readonly lookedAt: Date | undefined
}

/**
 * Fires schedules. What is due stands in the database alone, so that any number of these may run, and none of
 * them needs to have been there when a time came.
 */
export class Scheduler {
  readonly #deps: DispatchDeps & { readonly now: () => Date }
  readonly #settings: SchedulerSettings
  #state: 'created' | 'working' | 'stopped' = 'created'
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #lookedAt: Date | undefined
  #knowsGaps = false

  constructor(deps: DispatchDeps & { readonly now: () => Date }, settings: Partial<SchedulerSettings> = {}) {
    this.#deps = deps
    this.#settings = { ...DEFAULT_SCHEDULER_SETTINGS, ...settings }
  }

  /** Begins to work. */
  start(): void {
    this.#state = 'working'
    this.#lookedAt = this.#deps.now()
    this.#timer = setInterval(() => this.#look(), this.#settings.lookEveryMs)
    this.#look()
  }

  progress(): SchedulerProgress {
    return { lookedAt: this.#lookedAt }
  }

  /** Ends after the batch that is being written. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    clearInterval(this.#timer)
    await this.#looking
  }

  #look(): void {
    this.#looking ??= this.#fireAll().finally(() => {
      this.#looking = undefined
    })
  }

  async #fireAll(): Promise<void> {
    const { log, now } = this.#deps
    try {
      while (this.#state === 'working') {
        const { started, refused, passed } = await dispatchDue(this.#deps, this.#settings.batchSize)
        this.#lookedAt = now()
        if (started + refused + passed === 0) break
        log.info({ started, refused, passed }, 'schedules fired')
      }
      if (this.#state === 'working' && !this.#knowsGaps) this.#knowsGaps = await fillGaps(this.#deps)
    } catch (thrown) {
      log.warn({ err: toError(thrown).message }, 'scheduler could not look for what is due')
    }
  }
}
