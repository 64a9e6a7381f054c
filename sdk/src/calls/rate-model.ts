/**
 * What is known of the token bucket of an API, learnt from nothing but which calls it refused.
 *
 * - Before the first refusal nothing is known: calls go out as they come.
 * - A refusal says that the bucket is empty. Two of them, with the calls that were served between, give the rate:
 *   tokens that came in are calls that were served, to within one token.
 * - From then on calls are paced by the highest rate that agrees with what was seen. It is not too low, so no time is
 *   lost; each refusal it still earns comes after twice the time of the last, so there are few.
 */
export type RateModel = {
  /** Calls served so far. */
  readonly served: number
  /** The refusal that the rate is measured from, then later ones, the newest last; a bounded number. */
  readonly refusals: readonly Emptied[]
  /** Calls a second; undefined until two refusals were seen with enough calls between. */
  readonly rate: number | undefined
  /** Calls served when the rate was last raised for want of refusals. */
  readonly raisedAt: number
}

/** A moment at which the bucket was empty. */
type Emptied = { readonly atMs: number; readonly served: number }

export const UNKNOWN_RATE: RateModel = { served: 0, refusals: [], rate: undefined, raisedAt: 0 }

/** A measurement over fewer calls than this says too little to pace by. */
const FEWEST_CALLS = 6

/** Another rate than the one seen so far, rather than a better measurement of it. */
const CHANGED_BELOW = 0.8

const MOST_REFUSALS_KEPT = 16

/** A rate that was never refused for so many times the calls it was measured over is too low. */
const PATIENCE = 2

/**
 * What is known after a call was served. A pause may have filled the bucket while the rate was measured, which then is too
 * low and earns no refusal: it is doubled after a while. At the right rate that costs a refusal at most.
 */
export function afterServed(model: RateModel): RateModel {
  const served = model.served + 1
  const [origin] = model.refusals
  const last = model.refusals.at(-1)
  if (model.rate === undefined || origin === undefined || last === undefined) return { ...model, served }
  const measured = last.served - origin.served
  const since = served - Math.max(last.served, model.raisedAt)
  if (since < PATIENCE * measured + 4 * FEWEST_CALLS) return { ...model, served }
  return { ...model, served, rate: model.rate * 2, raisedAt: served }
}

/** What is known after a refusal of a call that was sent then. */
export function afterRefused(model: RateModel, atMs: number): RateModel {
  const now: Emptied = { atMs, served: model.served }
  const origin = model.refusals[0] ?? now
  const later = [...model.refusals.slice(1), now].slice(1 - MOST_REFUSALS_KEPT)
  const refusals = model.refusals.length === 0 ? [now] : [origin, ...later]
  if (now.served - origin.served < FEWEST_CALLS) return { ...model, refusals }
  const whole = rateBetween(origin, now)
  const before = model.refusals.findLast(({ served }) => now.served - served >= FEWEST_CALLS) ?? origin
  const recent = rateBetween(before, now)
  // A refusal right after a raise speaks of the rate that was raised.
  const isLower = recent < whole * CHANGED_BELOW
  const isHigher =
    model.raisedAt > origin.served && whole < (model.rate ?? 0) * CHANGED_BELOW && recent > whole
  if (isLower || isHigher) return { ...model, refusals: [before, now], rate: recent }
  return { ...model, refusals, rate: whole }
}

/** The bucket may have been full in the meantime, so that tokens were lost: measure anew, from the next refusal on. */
export function afterIdle(model: RateModel): RateModel {
  return { ...model, refusals: [] }
}

/** One more than was counted, since up to one token may have been left at the first of the two. */
function rateBetween(from: Emptied, to: Emptied): number {
  return ((to.served - from.served + 1) * 1_000) / Math.max(1, to.atMs - from.atMs)
}
