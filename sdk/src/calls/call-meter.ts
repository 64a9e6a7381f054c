import type { RateLimiter } from './rate-limiter.ts'
import { Throttled } from './throttling.ts'

/** The limiter of one API, as one call of the plugin uses it: it counts for that call. */
export type Limiter = Pick<RateLimiter, 'pause' | 'rate' | 'run'> & {
  /** Tell it of what is tried again after another failure than a refusal; `run` counts those itself. */
  readonly noteRetry: () => void
}

/** What a call of the plugin has made of an API, and how many calls were predicted. */
export type ApiCalls = {
  readonly api: string
  readonly predicted: number
  /** Sent, repetitions included. */
  readonly made: number
  /** Refused for their rate. */
  readonly throttled: number
  /** Sent again, after a refusal or another failure that passes. */
  readonly retried: number
  /** Time that calls stood waiting for their turn, summed: many wait at once. */
  readonly waitSeconds: number
}

export type CallMeter = {
  /** Counts what runs through a limiter. APIs are told apart by what stands before the first slash. */
  readonly measure: (api: string, limiter: RateLimiter) => Limiter
  /** Predictions of an API add up. */
  readonly predict: (calls: Iterable<readonly [api: string, calls: number]>) => void
  readonly totals: () => readonly ApiCalls[]
}

type Counts = { predicted: number; made: number; throttled: number; retried: number; waitMs: number }

/** Counts the calls that one call of the plugin makes; limiters are shared by many. */
export function createCallMeter(): CallMeter {
  const counted = new Map<string, Counts>()
  const countsOf = (api: string): Counts => {
    const name = api.split('/')[0] ?? api
    const counts = counted.get(name) ?? { predicted: 0, made: 0, throttled: 0, retried: 0, waitMs: 0 }
    counted.set(name, counts)
    return counts
  }
  return {
    measure: (api, limiter) => measured(limiter, countsOf(api)),
    predict(calls) {
      for (const [api, count] of calls) countsOf(api).predicted += count
    },
    totals: () =>
      [...counted]
        .filter(([, { made, predicted }]) => made + predicted > 0)
        .map(([api, { waitMs, ...counts }]) => ({ api, ...counts, waitSeconds: waitMs / 1_000 })),
  }
}

function measured(limiter: RateLimiter, counts: Counts): Limiter {
  return {
    get rate() {
      return limiter.rate
    },
    pause: (ms) => limiter.pause(ms),
    noteRetry: () => {
      counts.retried++
    },
    async run(call, signal) {
      let sinceMs = performance.now()
      let isFirst = true
      return await limiter.run(async () => {
        counts.waitMs += performance.now() - sinceMs
        counts.made++
        if (!isFirst) counts.retried++
        isFirst = false
        try {
          return await call()
        } catch (error) {
          if (error instanceof Throttled) counts.throttled++
          throw error
        } finally {
          sinceMs = performance.now()
        }
      }, signal)
    },
  }
}
