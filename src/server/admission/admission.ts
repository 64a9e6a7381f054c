import type { Logger } from '../../access/index.ts'
import { GleanerError } from '../../core/errors.ts'
import { DEFAULT_LOAD_LIMITS, type LoadLimits } from './load-limits.ts'
import { createRates } from './rates.ts'
import { createShares, type Full } from './shares.ts'

/** Why a call was not let in: its domain asks too often, has too many under way, or the server has. */
const SHED_REASONS = ['rate', 'domain', 'server'] as const
type ShedReason = (typeof SHED_REASONS)[number]

/** A call as far as it decides whether it is let in. */
type Caller = {
  /** Whom it counts for. */
  readonly domainId: string
  /** Streams stay open, so they are counted apart. */
  readonly isStream: boolean
}

/** Lets calls in, as many as this process can answer well. It knows of no other process. */
export type Admission = {
  /**
   * Returns what says that the call has ended. Throws RESOURCE_EXHAUSTED, with when to come back, and then
   * nothing was begun.
   */
  admit(caller: Caller): () => void
  /** Calls that were not let in since the start. */
  shed(): Readonly<Record<ShedReason, number>>
  /** Calls that are under way. */
  running(): { readonly requests: number; readonly streams: number }
}

const TOO_MANY_REQUESTS = 'ERROR_TOO_MANY_REQUESTS'
const TOO_MANY_STREAMS = 'ERROR_TOO_MANY_STREAMS'

/** Whether calls are refused with this code that come when there are too many. */
export function isShed(code: string): boolean {
  return code === TOO_MANY_REQUESTS || code === TOO_MANY_STREAMS
}

/** When a place may be free again nobody knows; milliseconds. */
const PLACE_RETRY_MS = 1_000
const STREAM_RETRY_MS = 5_000

/** The log says of a flood that it goes on, and not each call of it. */
const TELL_EVERY_MS = 10_000

export function createAdmission(log: Logger, limits: Partial<LoadLimits> = {}): Admission {
  const all = { ...DEFAULT_LOAD_LIMITS, ...limits }
  const rates = createRates({ perSecond: all.requestsPerSecondPerDomain })
  const requests = createShares({ places: all.maxRequests, perDomain: all.maxRequestsPerDomain })
  const streams = createShares({ places: all.maxStreams, perDomain: all.maxStreamsPerDomain })
  const shed = { rate: 0, domain: 0, server: 0 }
  let tellAtMs = 0
  let untold = 0

  function refuse({ domainId, isStream }: Caller, reason: ShedReason, error: GleanerError): GleanerError {
    shed[reason]++
    untold++
    const nowMs = performance.now()
    if (nowMs >= tellAtMs) {
      log.warn({ domainId, reason, isStream, shed: untold }, 'calls are refused: there are too many')
      tellAtMs = nowMs + TELL_EVERY_MS
      untold = 0
    }
    return error
  }

  return {
    shed: () => ({ ...shed }),
    running: () => ({ requests: requests.held(), streams: streams.held() }),
    admit(caller) {
      const { domainId, isStream } = caller
      const place = (isStream ? streams : requests).take(domainId)
      if ('full' in place)
        throw refuse(
          caller,
          place.full,
          isStream ? tooManyStreams(place.full, all) : tooMany(place.full, all),
        )
      const earlyMs = rates.take(domainId)
      if (earlyMs === 0) return place.leave
      place.leave()
      throw refuse(caller, 'rate', tooOften(all.requestsPerSecondPerDomain, earlyMs))
    },
  }
}

function tooOften(perSecond: number, retryAfterMs: number): GleanerError {
  return exhausted(
    TOO_MANY_REQUESTS,
    `the domain asks more often than ${perSecond} times a second, which is what this server answers, so this request was not begun. Ask less often, or have its operator raise GLEANER_REQUEST_RATE_PER_DOMAIN`,
    retryAfterMs,
  )
}

function tooMany(full: Full, { maxRequests, maxRequestsPerDomain }: LoadLimits): GleanerError {
  const message =
    full === 'domain'
      ? `${maxRequestsPerDomain} requests of the domain are under way, as many as this server answers of one at a time (GLEANER_MAX_REQUESTS_PER_DOMAIN), so this one was not begun. Wait for some of them, or try again later`
      : `this server answers at most ${maxRequests} requests at a time (GLEANER_MAX_REQUESTS), and the domain has its share of them under way, so this one was not begun. Try again later`
  return exhausted(TOO_MANY_REQUESTS, message, PLACE_RETRY_MS)
}

function tooManyStreams(full: Full, { maxStreams, maxStreamsPerDomain }: LoadLimits): GleanerError {
  const message =
    full === 'domain'
      ? `${maxStreamsPerDomain} streams of the domain are open, as many as this server serves of one at a time (GLEANER_MAX_STREAMS_PER_DOMAIN), so this one was not opened. Close some, or try again later`
      : `this server serves at most ${maxStreams} streams at a time (GLEANER_MAX_STREAMS), and the domain has its share of them open, so this one was not opened. Close some, or try again later`
  return exhausted(TOO_MANY_STREAMS, message, STREAM_RETRY_MS)
}

function exhausted(code: string, message: string, retryAfterMs: number): GleanerError {
  return new GleanerError('exhausted', code, message, { retryable: true, retryAfterMs })
}
