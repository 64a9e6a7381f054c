import { setTimeout as delay } from 'node:timers/promises'
import {
  afterIdle,
  afterRefused,
  afterServed,
  afterSmaller,
  type Bucket,
  isDue,
  isSoon,
  type RateModel,
  UNKNOWN_RATE,
} from './rate-model.ts'
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

/**
 * Calls on their way at once before anything was refused. All of them are refused when the bucket is empty,
 * so they are few until more was served than buckets usually hold, unless the API answers so slowly that
 * these few would never empty one.
 */
const FIRST_IN_FLIGHT = 4
const MOST_IN_FLIGHT = 64
/** Calls at once, and calls a second: more than most limited APIs allow. */
const USUAL_SIZE = 300
const USUAL_RATE = 60

/**
 * Calls after which one more may be on its way, when the bucket was found empty before: of unknown rate, and
 * of a known one.
 */
const UNMEASURED_TURN = 20
const MEASURED_TURN = 50

/**
 * How long an emptied bucket of unknown rate is left to fill before it is measured. That costs nothing, since
 * tokens wait, unless it is filled to the brim: so the first pause is one in which so many calls were sent
 * before, and each further one is four times as long.
 */
const FILL_CALLS = 16
const LONGER_BY = 4
const SHORTEST_FILL_MS = 40
/** A bucket that was empty after so few calls fills up soon. */
const SMALL_SIZE = 8
const FEW_CALLS = 4
const LONGEST_FILL_MS = 2_000

/**
 * Tokens that are let come in after a refusal at a known rate, for calls that arrive in bunches. They are
 * used last, and not lost.
 */
const RESERVE = 3
/** The same for a small bucket, whose rate is thought to be lower at first than it is. */
const SMALL_RESERVE = 0.5

/** Refusals that follow each other wait twice as long each time, so often. */
const MOST_DOUBLINGS = 6

/**
 * Without any call for this long a bucket of unknown rate may have filled up, and time before it says
 * nothing.
 */
const IDLE_MS = 5_000

/** A refusal while so much of it was thought to be left says that the bucket is smaller. */
const SURPRISING_SHARE = 0.25

/** A call is tried again this often when it is refused. */
const MOST_REFUSALS = 10

type Waiter = { readonly leave: () => void }

/**
 * Lets calls to one API out no faster than it serves them, and learns how fast that is. A call that throws
 * `Throttled` is tried again. Share one among everything that draws on the same bucket.
 */
export class RateLimiter {
  readonly #clock: LimiterClock
  #model: RateModel = UNKNOWN_RATE
  #inFlight = 0
  #maxInFlight = FIRST_IN_FLIGHT
  #servedInTurn = 0
  #latencyMs = 0
  #leastLatencyMs = Number.POSITIVE_INFINITY
  /** Whether calls go out unpaced, a few at once, to the next refusal. */
  #isMeasuring = true
  #fillMs: number | undefined
  #refusedInTurn = 0
  /**
   * When the last refusal came back. Calls sent before were on their way, and their refusals say nothing new.
   */
  #refusedAtMs = Number.NEGATIVE_INFINITY
  /** What the bucket holds, of which we know; below zero while the reserve comes in. */
  #tokens = 0
  #tokensAtMs = 0
  /** No call leaves before this. */
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #lastCallAtMs = Number.NEGATIVE_INFINITY
  readonly #queue: Waiter[] = []
  #alarm: AbortController | undefined

  constructor(clock: LimiterClock = REAL_CLOCK) {
    this.#clock = clock
  }

  /** Calls a second, once it is known. */
  get rate(): number | undefined {
    return this.#model.bucket?.rate
  }

  /** Calls a second, and how many at once, once they are known. */
  get bucket(): Pick<Bucket, 'rate' | 'size'> | undefined {
    return this.#model.bucket
  }

  /** Lets no call leave for this long, because the API said that none would be served. */
  pause(ms: number): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#clock.nowMs() + ms)
  }

  /**
   * Runs a call when its turn comes, again when it is refused, and resolves with its result. Rejects with
   * `Throttled` when it was refused ten times, with the signal's reason when that aborts, and at once with
   * anything else that the call throws.
   */
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
        this.#letOut()
      }
    }
  }

  /** Resolves when the call may leave, in the order in which they came. */
  #admit(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, reject, resolve } = Promise.withResolvers<void>()
    const waiter = { leave: resolve }
    this.#queue.push(waiter)
    const giveUp = () => {
      const place = this.#queue.indexOf(waiter)
      if (place >= 0) this.#queue.splice(place, 1)
      if (this.#queue.length === 0) this.#alarm?.abort()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    this.#letOut()
    return promise.finally(() => signal?.removeEventListener('abort', giveUp))
  }

  #letOut(): void {
    while (this.#queue.length > 0 && this.#inFlight < this.#maxInFlight) {
      const nowMs = this.#clock.nowMs()
      const waitMs = this.#waitMs(nowMs)
      if (waitMs > 0) {
        this.#letOutIn(Math.ceil(waitMs))
        return
      }
      this.#leave(nowMs)
      this.#queue.shift()?.leave()
    }
  }

  #letOutIn(ms: number): void {
    this.#alarm?.abort()
    const alarm = new AbortController()
    this.#alarm = alarm
    this.#clock.sleep(ms, alarm.signal).then(
      () => {
        if (alarm.signal.aborted) return
        this.#alarm = undefined
        this.#letOut()
      },
      () => {},
    )
  }

  #waitMs(nowMs: number): number {
    const pausedMs = this.#notBeforeMs - nowMs
    const { bucket } = this.#model
    if (bucket === undefined || this.#isMeasuring) return pausedMs
    this.#fill(nowMs)
    return Math.max(pausedMs, ((1 - this.#tokens) * 1_000) / bucket.safeRate)
  }

  #fill(nowMs: number): void {
    const { bucket } = this.#model
    if (bucket === undefined) return
    const tokens = this.#tokens + ((nowMs - this.#tokensAtMs) * bucket.safeRate) / 1_000
    this.#tokensAtMs = nowMs
    // Full, or nearly: what came in since the last refusal may have run over, and measures nothing.
    if (tokens >= bucket.size && this.#model.refusals.length > 0) this.#model = afterIdle(this.#model, nowMs)
    this.#tokens = Math.min(bucket.size, tokens)
  }

  #leave(nowMs: number): void {
    const { bucket } = this.#model
    if (bucket === undefined && nowMs - this.#lastCallAtMs > IDLE_MS && nowMs - this.#notBeforeMs > IDLE_MS)
      this.#model = afterIdle(this.#model, nowMs)
    this.#lastCallAtMs = nowMs
    this.#inFlight++
    this.#fill(nowMs)
    this.#tokens--
  }

  #noteServed(latencyMs: number): void {
    this.#model = afterServed(this.#model)
    this.#latencyMs = this.#latencyMs === 0 ? latencyMs : this.#latencyMs * 0.9 + latencyMs * 0.1
    this.#leastLatencyMs = Math.min(this.#leastLatencyMs, latencyMs)
    if (!this.#isMeasuring) this.#measureIfDue()
    else if (++this.#servedInTurn >= this.#turn() && !this.#isFastEnough()) this.#growInFlight()
  }

  #growInFlight(): void {
    this.#servedInTurn = 0
    this.#maxInFlight = Math.min(MOST_IN_FLIGHT, this.#maxInFlight + 1)
  }

  #turn(): number {
    if (this.#model.bucket !== undefined) return MEASURED_TURN
    return this.#model.refusals.length === 0 ? 2 * this.#maxInFlight : UNMEASURED_TURN
  }

  /**
   * Whether more calls at once would empty a bucket of the usual size no sooner, and only be refused
   * themselves.
   */
  #isFastEnough(): boolean {
    const { begun, served } = this.#model
    if (this.#maxInFlight < (USUAL_RATE * this.#leastLatencyMs) / 1_000) return false
    return this.#maxInFlight >= FIRST_IN_FLIGHT + ((served - begun.served) / USUAL_SIZE) ** 2
  }

  /** Lets out what has gathered, with hardly more calls on their way than the bucket serves meanwhile. */
  #measureIfDue(): void {
    const { bucket } = this.#model
    if (bucket === undefined || !isDue(this.#model)) return
    this.#isMeasuring = true
    this.#servedInTurn = 0
    this.#maxInFlight = Math.min(MOST_IN_FLIGHT, 1 + Math.floor((bucket.rate * this.#latencyMs) / 1_000))
  }

  #noteRefused(sentAtMs: number, retryAfterMs = 0): void {
    const nowMs = this.#clock.nowMs()
    this.#notBeforeMs = Math.max(this.#notBeforeMs, nowMs + retryAfterMs)
    if (sentAtMs < this.#refusedAtMs) return
    this.#refusedAtMs = nowMs
    this.#refusedInTurn = isSoon(this.#model) ? this.#refusedInTurn + 1 : 0
    const { bucket: known } = this.#model
    if (known !== undefined && this.#tokens > known.size * SURPRISING_SHARE)
      this.#model = afterSmaller(this.#model, this.#tokens)
    this.#model = afterRefused(this.#model, sentAtMs, this.#latencyMs)
    const { bucket } = this.#model
    this.#servedInTurn = 0
    if (bucket === undefined) {
      this.#maxInFlight = Math.max(1, Math.round(this.#maxInFlight / 4))
      this.#notBeforeMs = Math.max(this.#notBeforeMs, nowMs + this.#nextFill())
      return
    }
    this.#isMeasuring = false
    this.#maxInFlight = MOST_IN_FLIGHT
    this.#tokens = -this.#reserveOf(bucket) * 2 ** Math.min(MOST_DOUBLINGS, this.#refusedInTurn)
    this.#tokensAtMs = nowMs
  }

  #reserveOf({ rate, size, steps }: Bucket): number {
    if (steps !== undefined) return SMALL_RESERVE
    return Math.min(size / 2, RESERVE + (rate * this.#latencyMs) / 2_000)
  }

  #nextFill(): number {
    const { begun, refusals } = this.#model
    const isSmall = (refusals[0]?.served ?? 0) - begun.served < SMALL_SIZE
    const firstMs = ((isSmall ? FEW_CALLS : FILL_CALLS) * this.#latencyMs) / FIRST_IN_FLIGHT
    const longerBy = isSmall ? 1.5 : LONGER_BY
    const fillMs = this.#fillMs === undefined ? Math.max(SHORTEST_FILL_MS, firstMs) : this.#fillMs * longerBy
    this.#fillMs = Math.min(LONGEST_FILL_MS, fillMs)
    return this.#fillMs
  }
}
