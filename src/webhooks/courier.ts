import type { Logger } from '../access/index.ts'
import { toError } from '../core/errors.ts'
import { placeEvents } from '../events/index.ts'
import type { Notifications } from '../storage/index.ts'
import { type ClaimedWebhook, claimWebhook } from './claim-webhook.ts'
import { type DeliverDeps, deliver } from './deliver.ts'

export type CourierDeps = DeliverDeps & { readonly notifications: Notifications; readonly log: Logger }

export type CourierSettings = {
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

  constructor(deps: CourierDeps, settings: Partial<CourierSettings> = {}) {
    this.#deps = deps
    this.#settings = { ...DEFAULT_SETTINGS, ...settings }
  }

  start(): void {
    this.#state = 'working'
    this.#stopListening = this.#deps.notifications.listen('gleaner_event', () => this.#look())
    this.#timer = setInterval(() => this.#look(), this.#settings.lookEveryMs)
    this.#look()
  }

  /** Ends after the deliveries that are under way, each of which has its own time limit. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    clearInterval(this.#timer)
    this.#stopListening?.()
    await this.#looking
    await Promise.all(this.#running)
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
        if (await this.#placeNews()) await this.#claimWhatFits()
      } catch (thrown) {
        this.#deps.log.warn(
          { err: toError(thrown).message },
          'webhooks could not be looked for; trying again',
        )
      }
    }
    this.#looking = undefined
  }

  /** False when there is nobody to deliver to. */
  async #placeNews(): Promise<boolean> {
    const { db } = this.#deps
    const domains = await db.query<{ domainId: string }>(
      'select distinct domain_id from webhook where is_enabled',
    )
    for (const { domainId } of domains) await placeEvents(db, domainId)
    return domains.length > 0
  }

  async #claimWhatFits(): Promise<void> {
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
        this.#look()
      })
    this.#running.add(run)
  }
}
