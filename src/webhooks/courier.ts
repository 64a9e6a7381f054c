import type { Logger } from '../access/index.ts'
import { toError } from '../core/errors.ts'
import { placeEvents } from '../events/index.ts'
import type { Notifications } from '../storage/index.ts'
import { type ClaimedWebhook, claimWebhook } from './claim-webhook.ts'
import { type DeliverDeps, deliver } from './deliver.ts'

type CourierDeps = DeliverDeps & { readonly notifications: Notifications; readonly log: Logger }

type CourierSettings = {
  /** How often it looks without having been notified, milliseconds. Default 5,000. */
  readonly lookEveryMs: number
  /** Deliveries at the same time. Default 8: a receiver that hangs must not keep the others waiting. */
  readonly capacity: number
}

const DEFAULT_SETTINGS: CourierSettings = { lookEveryMs: 5_000, capacity: 8 }

/** Delivers events to webhooks. Any number of these may run: a webhook belongs to one at a time. */
export class Courier {
  readonly #deps: CourierDeps
  readonly #settings: CourierSettings
  readonly #running = new Set<Promise<void>>()
  #state: 'created' | 'working' | 'stopped' = 'created'
  #timer: NodeJS.Timeout | undefined
  #stopListening: (() => void) | undefined
  #looking: Promise<void> | undefined
  #mustLookAgain = false
  /** Domains in which something has happened that has no place yet, as far as it is known. */
  readonly #domains = new Set<string>()
  #isAnyDomain = false
  /** Whether there may be something to deliver. */
  #mustClaim = false

  constructor(deps: CourierDeps, settings: Partial<CourierSettings> = {}) {
    this.#deps = deps
    this.#settings = { ...DEFAULT_SETTINGS, ...settings }
  }

  start(): void {
    this.#state = 'working'
    this.#stopListening = this.#deps.notifications.listen('gleaner_event', (domainId) =>
      this.#noteEvents(domainId),
    )
    this.#timer = setInterval(() => this.#noteEvents(''), this.#settings.lookEveryMs)
    this.#noteEvents('')
  }

  /** Ends after the deliveries that are under way, each of which has its own time limit. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    clearInterval(this.#timer)
    this.#stopListening?.()
    await this.#looking
    await Promise.all(this.#running)
  }

  /** Notes that something has happened in a domain; '' when it may have in any. */
  #noteEvents(domainId: string): void {
    if (domainId === '') this.#isAnyDomain = true
    else this.#domains.add(domainId)
    this.#look()
  }

  #look(): void {
    if (this.#state !== 'working') return
    this.#mustLookAgain = true
    this.#looking ??= this.#lookUntilQuiet()
  }

  async #lookUntilQuiet(): Promise<void> {
    while (this.#mustLookAgain && this.#state === 'working') {
      this.#mustLookAgain = false
      try {
        await this.#placeEvents()
        if (this.#mustClaim) await this.#claimWhatFits()
      } catch (thrown) {
        this.#deps.log.warn(
          { err: toError(thrown).message },
          'webhooks could not be looked for; trying again',
        )
      }
    }
    this.#looking = undefined
  }

  /** A domain whose events cannot be placed keeps no other waiting; the timer comes back to it. */
  async #placeEvents(): Promise<void> {
    const { db, log } = this.#deps
    for (const domainId of await this.#takeDomains()) {
      this.#mustClaim = true
      await placeEvents(db, domainId).catch((thrown: unknown) => {
        log.warn({ domainId, err: toError(thrown).message }, 'events could not be looked for; trying again')
      })
    }
  }

  /** Of the domains in which something has happened those that have somebody to deliver to. */
  async #takeDomains(): Promise<readonly string[]> {
    const named = this.#isAnyDomain ? null : [...this.#domains]
    this.#domains.clear()
    this.#isAnyDomain = false
    if (named?.length === 0) return []
    const rows = await this.#deps.db.query<{ domainId: string }>(
      'select distinct domain_id from webhook where is_enabled and ($1::text[] is null or domain_id = any($1))',
      [named],
    )
    return rows.map(({ domainId }) => domainId)
  }

  async #claimWhatFits(): Promise<void> {
    this.#mustClaim = false
    while (this.#running.size < this.#settings.capacity && this.#state === 'working') {
      const webhook = await claimWebhook(this.#deps.db)
      if (webhook === undefined) return
      this.#run(webhook)
    }
  }

  #run(webhook: ClaimedWebhook): void {
    const { domainId, webhookId } = webhook
    const run = deliver(this.#deps, webhook)
      .then((isDone) => {
        if (!isDone)
          this.#deps.log.info({ domainId, webhookId }, 'webhook not delivered; it is tried again later')
      })
      .catch((thrown: unknown) => {
        // The lease runs out, and then somebody tries again.
        this.#deps.log.warn({ domainId, webhookId, err: toError(thrown).message }, 'delivery was interrupted')
      })
      .finally(() => {
        this.#running.delete(run)
        this.#mustClaim = true
        this.#look()
      })
    this.#running.add(run)
  }
}
