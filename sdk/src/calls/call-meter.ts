import type { RateLimiter } from './rate-limiter.ts'
import { Throttled } from './throttling.ts'

/** The limiter of one API, as one call of the plugin uses it: it counts for that call. */
export type Limiter = Pick<RateLimiter, 'bucket' | 'pause' | 'rate' | 'run'> & {
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
  readonly predictedSeconds: number
  /** Time in which at least one call was on its way or waited for its turn. */
  readonly busySeconds: number
  /** Time between sending calls and their answers, summed; refusals left out. */
  readonly answerSeconds: number
  /** Calls a second of the slowest bucket, learnt from refusals; 0 without any. */
  readonly rate: number
  /** What this bucket gave at once. */
  readonly burst: number
}

/** Calls of an API that are going to be made, and how long they take. */
export type PredictedApi = readonly [api: string, calls: number, seconds?: number | undefined]

export type CallMeter = {
  /** Counts what runs through a limiter. APIs are told apart by what stands before the first slash. */
  readonly measure: (api: string, limiter: RateLimiter) => Limiter
  /** Predictions of an API add up. */
  readonly predict: (calls: Iterable<PredictedApi>, seconds?: number) => void
  readonly totals: () => readonly ApiCalls[]
  /**
   * The longest of the times that were predicted in all, since parts of a call run side by side; 0 without
   * any.
   */
  readonly predictedSeconds: () => number
}

type Counts = {
  predicted: number
  made: number
  throttled: number
  retried: number
  waitMs: number
  predictedSeconds: number
  busyMs: number
  answerMs: number
  /** Calls that are waiting or on their way, and since when there are any. */
  open: number
  openSinceMs: number
  readonly limiters: Set<RateLimiter>
}

const newCounts = (): Counts => ({
  predicted: 0,
  made: 0,
  throttled: 0,
  retried: 0,
  waitMs: 0,
  predictedSeconds: 0,
  busyMs: 0,
  answerMs: 0,
  open: 0,
  openSinceMs: 0,
  limiters: new Set(),
})

/** Counts the calls that one call of the plugin makes; limiters are shared by many. */
export function createCallMeter(): CallMeter {
  const counted = new Map<string, Counts>()
  let longestSeconds = 0
  const countsOf = (api: string): Counts => {
    const name = api.split('/')[0] ?? api
    const counts = counted.get(name) ?? newCounts()
    counted.set(name, counts)
    return counts
  }
  return {
    measure: (api, limiter) => measured(limiter, countsOf(api)),
    predict(calls, total = 0) {
      longestSeconds = Math.max(longestSeconds, total)
      for (const [api, count, seconds = 0] of calls) {
        const counts = countsOf(api)
        counts.predicted += count
        counts.predictedSeconds += seconds
      }
    },
    totals: () =>
      [...counted]
        .filter(([, { made, predicted }]) => made + predicted > 0)
        .map(([api, counts]) => toApiCalls(api, counts)),
    predictedSeconds: () => longestSeconds,
  }
}

function toApiCalls(api: string, counts: Counts): ApiCalls {
  const { answerMs, busyMs, limiters, made, open, openSinceMs, predicted, predictedSeconds } = counts
  const buckets = [...limiters].flatMap(({ bucket }) => bucket ?? [])
  const slowest = buckets.toSorted((a, b) => a.rate - b.rate)[0]
  const openMs = open > 0 ? performance.now() - openSinceMs : 0
  return {
    api,
    predicted,
    made,
    throttled: counts.throttled,
    retried: counts.retried,
    waitSeconds: counts.waitMs / 1_000,
    predictedSeconds,
    busySeconds: (busyMs + openMs) / 1_000,
    answerSeconds: answerMs / 1_000,
    rate: slowest?.rate ?? 0,
    burst: slowest?.size ?? 0,
  }
}

function measured(limiter: RateLimiter, counts: Counts): Limiter {
  return {
    get bucket() {
      return limiter.bucket
    },
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
      counts.limiters.add(limiter)
      begin(counts)
      try {
        return await limiter.run(async () => {
          const sentAtMs = performance.now()
          counts.waitMs += sentAtMs - sinceMs
          counts.made++
          if (!isFirst) counts.retried++
          isFirst = false
          let isRefused = false
          try {
            return await call()
          } catch (error) {
            isRefused = error instanceof Throttled
            throw error
          } finally {
            sinceMs = performance.now()
            if (isRefused) counts.throttled++
            else counts.answerMs += sinceMs - sentAtMs
          }
        }, signal)
      } finally {
        end(counts)
      }
    },
  }
}

function begin(counts: Counts): void {
  if (counts.open++ === 0) counts.openSinceMs = performance.now()
}

function end(counts: Counts): void {
  if (--counts.open === 0) counts.busyMs += performance.now() - counts.openSinceMs
}
