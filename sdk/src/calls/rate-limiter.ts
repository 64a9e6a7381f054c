import { setTimeout as delay } from 'node:timers/promises'
import { afterIdle, afterRefused, afterServed, type RateModel, UNKNOWN_RATE } from './rate-model.ts'
import { Throttled } from './throttling.ts'

/** Time and waiting, which a test replaces. */
export type LimiterClock = {
  readonly nowMs: () => number
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

const REAL_CLOCK: LimiterClock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
}

/** Calls on their way at once before anything was refused; it grows while nothing is. */
const FIRST_IN_FLIGHT = 4
const MOST_IN_FLIGHT = 64
const FEWEST_IN_FLIGHT = 2

/**
 * How long an emptied bucket of unknown rate is left to fill before it is measured. That costs nothing, since tokens wait,
 * unless it is filled to the brim: so the first pause is one in which about ten calls were sent before, and each further one doubles.
 */
const FILL_CALLS = 10
const SHORTEST_FILL_MS = 20
const LONGEST_FILL_MS = 2_000

/**
 * Tokens that are let come in after a refusal at a known rate. They outlast what is wrong with the rate, and calls that arrive in
 * bunches, so that the next refusal comes as much later. They are not lost, only used last.
 */
const RESERVE = 5

/** A pace that was not kept, because nobody called, is made up for as far back as this. */
const LATE_MS = 1_000

/** Without any call for this long the bucket may have filled up, and time before it says nothing. */
const IDLE_MS = 5_000

/** A call is tried again this often when it is refused. */
const MOST_REFUSALS = 10

/**
 * Lets calls to one API out no faster than it serves them, and learns how fast that is. A call that throws `Throttled` is
 * tried again. Share one among everything that draws on the same bucket.
 */
export class RateLimiter {
  readonly #clock: LimiterClock
  #model: RateModel = UNKNOWN_RATE
  #inFlight = 0
  #maxInFlight = FIRST_IN_FLIGHT
  #servedInTurn = 0
  #latencyMs = 0
  #fillMs: number | undefined
  /** When the last refusal came back. Calls sent before were on their way, and their refusals say nothing new. */
  #refusedAtMs = Number.NEGATIVE_INFINITY
  /** No call leaves before this. */
  #nextAtMs = 0
  #lastCallAtMs = 0
  readonly #waiting: (() => void)[] = []

  constructor(clock: LimiterClock = REAL_CLOCK) {
    this.#clock = clock
  }

  /** Calls a second, once it is known. */
  get rate(): number | undefined {
    return this.#model.rate
  }

  /** Runs a call when its turn comes, again when it is refused, and returns its result. */
  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let refusals = 0; ; refusals++) {
      await this.#admit(signal)
      const sentAtMs = this.#clock.nowMs()
      try {
        const result = await call()
        this.#noteServed(this.#clock.nowMs() - sentAtMs)
        return result
      } catch (error) {
        if (!(error instanceof Throttled)) throw error
        this.#noteRefused(sentAtMs, error.retryAfterMs)
        if (refusals + 1 >= MOST_REFUSALS) throw error
      } finally {
        this.#inFlight--
        this.#waiting.shift()?.()
      }
    }
  }

  async #admit(signal: AbortSignal | undefined): Promise<void> {
    while (true) {
      signal?.throwIfAborted()
      const nowMs = this.#clock.nowMs()
      if (this.#inFlight >= this.#maxInFlight) {
        await this.#nextDone(signal)
      } else if (nowMs < this.#nextAtMs) {
        await this.#clock.sleep(this.#nextAtMs - nowMs, signal)
      } else {
        this.#leave(nowMs)
        return
      }
    }
  }

  /** Takes a place and, at a known rate, moves the time of the next call on by one interval. */
  #leave(nowMs: number): void {
    if (this.#lastCallAtMs > 0 && nowMs - this.#lastCallAtMs > IDLE_MS && nowMs - this.#nextAtMs > IDLE_MS) {
      this.#model = afterIdle(this.#model)
    }
    this.#lastCallAtMs = nowMs
    this.#inFlight++
    const { rate } = this.#model
    if (rate === undefined) return
    // Late sleepers do not slow the pace: the schedule is kept, as far back as a bucket surely reaches.
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - LATE_MS) + 1_000 / rate
  }

  #nextDone(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    signal?.addEventListener('abort', () => resolve(), { once: true })
    return promise
  }

  #noteServed(latencyMs: number): void {
    this.#model = afterServed(this.#model)
    this.#latencyMs = latencyMs
    if (this.#model.rate !== undefined || ++this.#servedInTurn < 2 * this.#maxInFlight) return
    this.#servedInTurn = 0
    this.#maxInFlight = Math.min(MOST_IN_FLIGHT, this.#maxInFlight + 1)
    this.#waiting.shift()?.()
  }

  #noteRefused(sentAtMs: number, retryAfterMs = 0): void {
    const nowMs = this.#clock.nowMs()
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs + retryAfterMs)
    if (sentAtMs < this.#refusedAtMs) return
    this.#refusedAtMs = nowMs
    this.#model = afterRefused(this.#model, sentAtMs)
    const { rate } = this.#model
    const pauseMs = rate === undefined ? this.#nextFill() : (RESERVE * 1_000) / rate
    this.#nextAtMs = Math.max(nowMs + retryAfterMs, nowMs + pauseMs)
    // Few calls find the next empty bucket out; at a known rate the pace alone bounds how many are on their way.
    this.#maxInFlight = rate === undefined ? FEWEST_IN_FLIGHT : MOST_IN_FLIGHT
  }

  #nextFill(): number {
    const firstMs = (FILL_CALLS * this.#latencyMs) / this.#maxInFlight
    const fillMs = this.#fillMs === undefined ? Math.max(SHORTEST_FILL_MS, firstMs) : this.#fillMs * 2
    this.#fillMs = Math.min(LONGEST_FILL_MS, fillMs)
    return this.#fillMs
  }
}
