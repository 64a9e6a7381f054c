import type { Logger } from '../access/index.ts'
import { toError } from '../core/errors.ts'
import type { Database, Notifications } from '../storage/index.ts'
import { placeEvents } from './place-events.ts'

type Bells = {
  /** Joins the readers of a domain. */
  join(domainId: string): Bell
  close(): void
}

type Bell = {
  /** How often it has rung. Asked before looking, so that a ring while looking is not missed. */
  readonly rings: number
  /** Resolves when it has rung more often than this, when the time has passed, or when the signal ends. */
  waitBeyond(rings: number, timeoutMs: number, signal: AbortSignal): Promise<void>
  leave(): void
}

type BellSettings = {
  /** Shortest time between two rings of a domain, milliseconds: what happens in between is told together. */
  readonly spacingMs: number
  /** How often a domain that is listened to is looked at without a notification, milliseconds. */
  readonly lookEveryMs: number
}

type Domain = {
  readonly waiting: Set<() => void>
  readers: number
  rings: number
  isRinging: boolean
  isDirty: boolean
}

/**
 * Wakes the readers of a domain when there may be new events: one LISTEN for the whole process. Before it
 * rings, it gives the new events their places, once for all readers. A notification that is lost only delays:
 * it rings by itself, too.
 */
export function createBells(
  deps: { readonly db: Database; readonly notifications: Notifications; readonly log: Logger },
  settings: BellSettings,
): Bells {
  const domains = new Map<string, Domain>()
  /** Undefined until the first reader comes. */
  let stopListening: (() => void) | undefined
  const timer = setInterval(() => {
    for (const domainId of domains.keys()) ring(domainId)
  }, settings.lookEveryMs)
  timer.unref()

  function onNotification(domainId: string): void {
    for (const each of domainId === '' ? domains.keys() : [domainId]) ring(each)
  }

  function ring(domainId: string): void {
    const domain = domains.get(domainId)
    if (domain === undefined) return
    domain.isDirty = true
    if (!domain.isRinging) void ringUntilQuiet(domainId, domain)
  }

  async function ringUntilQuiet(domainId: string, domain: Domain): Promise<void> {
    domain.isRinging = true
    while (domain.isDirty && domain.readers > 0) {
      domain.isDirty = false
      try {
        await placeEvents(deps.db, domainId)
        wakeAll(domain)
      } catch (thrown) {
        const err = toError(thrown).message
        deps.log.warn({ domainId, err }, 'events could not be looked for; trying again')
      }
      await pause(settings.spacingMs)
    }
    domain.isRinging = false
  }

  return {
    join(domainId) {
      stopListening ??= deps.notifications.listen('gleaner_event', onNotification)
      const domain = domains.get(domainId) ?? newDomain()
      domains.set(domainId, domain)
      domain.readers++
      return {
        get rings() {
          return domain.rings
        },
        waitBeyond: (rings, timeoutMs, signal) => waitBeyond(domain, { rings, timeoutMs, signal }),
        leave() {
          domain.readers--
          if (domain.readers === 0) domains.delete(domainId)
        },
      }
    },
    close() {
      clearInterval(timer)
      stopListening?.()
      for (const domain of domains.values()) wakeAll(domain)
    },
  }
}

function newDomain(): Domain {
  return { waiting: new Set(), readers: 0, rings: 0, isRinging: false, isDirty: false }
}

function wakeAll(domain: Domain): void {
  domain.rings++
  for (const wake of [...domain.waiting]) wake()
}

function waitBeyond(
  domain: Domain,
  wait: { readonly rings: number; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { rings, timeoutMs, signal } = wait
  if (domain.rings > rings || signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => {
    clearTimeout(timer)
    domain.waiting.delete(wake)
    signal.removeEventListener('abort', wake)
    resolve()
  }
  const timer = setTimeout(wake, Math.max(0, timeoutMs))
  domain.waiting.add(wake)
  signal.addEventListener('abort', wake)
  return promise
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
