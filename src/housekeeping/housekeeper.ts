import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../access/index.ts'
import type { Clock } from '../core/clock.ts'
import { toError } from '../core/errors.ts'
import { refoldDeleted } from '../coverage/index.ts'
import type { Database } from '../storage/index.ts'
import { claimDomain, ensureSettings } from './claim-domain.ts'
import { nothingRemoved, type Removed, sweepDomain } from './sweep-domain.ts'

type HousekeeperDeps = { readonly db: Database; readonly log: Logger; readonly now: Clock }

type HousekeeperSettings = {
  /** How often it looks for a domain that is due, milliseconds. Default one minute. */
  readonly lookEveryMs: number
  /** Rest after each batch, milliseconds: collecting comes first. Default 50. */
  readonly pauseMs: number
}

const DEFAULT_SETTINGS: HousekeeperSettings = { lookEveryMs: 60_000, pauseMs: 50 }

/**
 * Removes what domains no longer keep, and ends what requests have left undone. Any number of these may run:
 * a domain belongs to one at a time.
 */
export class Housekeeper {
  readonly #deps: HousekeeperDeps
  readonly #settings: HousekeeperSettings
  readonly #stop = new AbortController()
  readonly #removed = nothingRemoved()
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> | undefined

  constructor(deps: HousekeeperDeps, settings: Partial<HousekeeperSettings> = {}) {
    this.#deps = deps
    this.#settings = { ...DEFAULT_SETTINGS, ...settings }
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#settings.lookEveryMs)
    this.#look()
  }

  /** What it has removed since it began. */
  removed(): Readonly<Removed> {
    return { ...this.#removed }
  }

  /** Ends after the batch that is being removed. */
  async stop(): Promise<void> {
    this.#stop.abort()
    clearInterval(this.#timer)
    await this.#working
  }

  #look(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop
    await this.#tryTo(() => refoldDeleted({ ...this.#deps, signal }))
    await this.#tryTo(() => this.#sweepAll(signal))
  }

  async #tryTo(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (thrown) {
      if (!this.#stop.signal.aborted)
        this.#deps.log.warn(
          { err: toError(thrown).message },
          'housekeeping was interrupted; it goes on later',
        )
    }
  }

  async #sweepAll(signal: AbortSignal): Promise<void> {
    const pause = () => sleep(this.#settings.pauseMs, undefined, { signal })
    await ensureSettings(this.#deps.db)
    for (;;) {
      signal.throwIfAborted()
      const domain = await claimDomain(this.#deps.db)
      if (domain === undefined) return
      const removed = nothingRemoved()
      // Also what a sweep has removed before it was interrupted.
      await sweepDomain({ ...this.#deps, pause }, domain, removed).finally(() =>
        this.#note(domain.domainId, removed),
      )
    }
  }

  #note(domainId: string, removed: Removed): void {
    for (const kind of Object.keys(removed) as (keyof Removed)[]) this.#removed[kind] += removed[kind]
    if (Object.values(removed).some((count) => count > 0))
      this.#deps.log.info({ domainId, ...removed }, 'what was too old was removed')
  }
}
