import { afterCalm, afterRefusal, firstSteps, type Steps } from './rate-steps.ts'

/**
 * What is known of the token bucket of an API, learnt from nothing but which calls it refused.
 *
 * - Before the first refusal nothing is known: calls go out as they come.
 * - A refusal says that the bucket is empty. Two of them, with the calls that were served between, give the
 *   rate: tokens that came in are calls that were served, to within one token and what calls were late.
 * - The first refusal and the rate give the size: what was served until then, less what came in meanwhile.
 * - From then on calls are paced a little below the rate, by as much as its measurement may be wrong. What
 *   is not used stays in the bucket and is not lost; when enough has been served for a measurement that is
 *   much better, it is used up, to the next refusal.
 */
export type RateModel = {
  /** Calls served so far. */
  readonly served: number
  /** When calls began after a time in which the bucket may have filled up, and how many had been served. */
  readonly begun: Moment
  /** The refusal that the rate is measured from, then later ones, the newest last; a bounded number. */
  readonly refusals: readonly Moment[]
  /** Undefined until two refusals were seen with enough calls between. */
  readonly bucket: Bucket | undefined
}

type Moment = { readonly atMs: number; readonly served: number }

export type Bucket = {
  /** Calls a second, as measured. */
  readonly rate: number
  /** The same, less what the measurement may be wrong by. */
  readonly safeRate: number
  /** Calls that the measurement is made of. */
  readonly measuredOver: number
  /** Calls at once when it is full; rather too few. */
  readonly size: number
  /** How the rate of a small bucket is found, after its first measurement. */
  readonly steps?: Steps
}

const NEVER: Moment = { atMs: 0, served: 0 }
export const UNKNOWN_RATE: RateModel = { served: 0, begun: NEVER, refusals: [], bucket: undefined }

/** A measurement over fewer calls than this says too little to pace by. */
const FEWEST_CALLS = 6

/** Another rate than the one seen so far, rather than a better measurement of it. */
const CHANGED_BELOW = 0.8
const CHANGED_ABOVE = 1.25

const MOST_REFUSALS_KEPT = 16

/** The next measurement is made over so many times the calls of the last: each costs a refusal or two. */
const BETTER_BY = 8

/** Calls; a smaller bucket than this is full before it is noticed, so that its rate is found in steps. */
const SMALL_SIZE = 16

/** What is let gather of its size: as much again may have, where the rate was measured too low. */
const GATHERED_SHARE = 1 / 3

const LEAST_MARGIN = 0.005
const MOST_MARGIN = 0.15
/** What is counted on of the size that was seen. */
const SIZE_SHARE = 0.8
const LARGEST_SIZE = 1_000

export function afterServed({ bucket, ...model }: RateModel): RateModel {
  const served = model.served + 1
  if (bucket?.steps === undefined) return { ...model, served, bucket }
  const { rate, steps } = afterCalm({ rate: bucket.rate, steps: bucket.steps }, served)
  return { ...model, served, bucket: { ...bucket, rate, safeRate: rate, steps } }
}

/** What is known after a refusal of a call that was sent then, to an API that takes so long to answer. */
export function afterRefused(model: RateModel, atMs: number, latencyMs: number): RateModel {
  const { bucket, served } = model
  if (bucket?.steps !== undefined) {
    const { rate, steps } = afterRefusal({ rate: bucket.rate, steps: bucket.steps }, served)
    return { ...model, bucket: { ...bucket, rate, safeRate: rate, steps } }
  }
  const now: Moment = { atMs, served }
  const origin = model.refusals[0] ?? now
  const later = [...model.refusals.slice(1), now].slice(1 - MOST_REFUSALS_KEPT)
  const refusals = model.refusals.length === 0 ? [now] : [origin, ...later]
  if (now.served - origin.served < FEWEST_CALLS) return { ...model, refusals }
  const before = model.refusals.findLast(({ served }) => now.served - served >= FEWEST_CALLS) ?? origin
  const whole = rateBetween(origin, now)
  const recent = rateBetween(before, now)
  const hasChanged = recent < whole * CHANGED_BELOW || recent > whole * CHANGED_ABOVE
  const from = hasChanged ? before : origin
  const size = model.bucket?.size ?? sizeOf(model.begun, origin, rateBetween(from, now))
  return {
    ...model,
    refusals: hasChanged ? [before, now] : refusals,
    bucket: measure(from, now, { latencyMs, size }),
  }
}

/**
 * The bucket may have been full in the meantime, so that tokens were lost: measure anew, from the next
 * refusal on.
 */
export function afterIdle(model: RateModel, atMs: number): RateModel {
  return { ...model, refusals: [], begun: { atMs, served: model.served } }
}

/** A call was refused when so many were expected to be served: the bucket is smaller than was thought. */
export function afterSmaller(model: RateModel, expected: number): RateModel {
  const { bucket } = model
  return bucket === undefined
    ? model
    : { ...model, bucket: { ...bucket, size: Math.max(1, bucket.size - expected) } }
}

/**
 * Whether a refusal now would say much more about the rate than is known, or the bucket would soon run over.
 */
export function isDue({ bucket, refusals, served }: RateModel): boolean {
  const last = refusals.at(-1)
  if (bucket === undefined || bucket.steps !== undefined || last === undefined) return false
  const since = served - last.served
  const gathered = since * (1 - bucket.safeRate / bucket.rate)
  return since >= (BETTER_BY - 1) * bucket.measuredOver || gathered > bucket.size * GATHERED_SHARE
}

/** Whether a refusal now follows the last one too closely to be measured from. */
export function isSoon({ refusals, served }: RateModel): boolean {
  const last = refusals.at(-1)
  return last !== undefined && served - last.served < FEWEST_CALLS
}

function measure(from: Moment, to: Moment, { latencyMs, size }: { latencyMs: number; size: number }): Bucket {
  const measuredOver = to.served - from.served
  const rate = rateBetween(from, to)
  if (size < SMALL_SIZE)
    return { rate, safeRate: rate, measuredOver, size, steps: firstSteps(size, to.served) }
  const wrongBy = (1 + (rate * latencyMs) / 2_000) / measuredOver
  const margin = Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, wrongBy))
  return { rate, safeRate: rate * (1 - margin), measuredOver, size }
}

function sizeOf(begun: Moment, emptied: Moment, rate: number): number {
  const cameIn = (rate * (emptied.atMs - begun.atMs)) / 1_000
  const seen = emptied.served - begun.served - cameIn
  return Math.min(LARGEST_SIZE, Math.max(1, seen * SIZE_SHARE))
}

function rateBetween(from: Moment, to: Moment): number {
  return ((to.served - from.served) * 1_000) / Math.max(1, to.atMs - from.atMs)
}
