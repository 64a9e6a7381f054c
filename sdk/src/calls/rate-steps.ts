/**
 * How the rate of a small bucket is found. Such a bucket is full before anybody notices, and what runs over
 * is not seen, so that whoever measures it finds less than it gives. It is felt for instead: after some calls
 * without a refusal a little more is asked of it; when that is refused, the rate goes back, the next try asks
 * for less more, and comes later. When several tries in a row go well, the API gives more than before, and
 * they become bolder again.
 */
export type Steps = {
  /** How many times as much the next try asks for. */
  readonly by: number
  /** Calls without a refusal before a try. */
  readonly calm: number
  /** Calls that had been served at the last try or refusal. */
  readonly since: number
  /** Tries since the last refusal. */
  readonly tries: number
}

type Felt = { readonly rate: number; readonly steps: Steps }

const FIRST_BY = 1.4
const LEAST_BY = 1.02
/** What is left of a step after one that went too far. */
const SMALLER_BY = 3
const FIRST_CALM = 6
const LEAST_CALM = 12
const MOST_CALM = 200
const BOLD_AFTER = 2
const BOLDER_BY = 2
/** A refusal although nothing was tried: the API gives less than before. */
const SLOWER_BY = 0.95

/**
 * A bucket that was emptied gives as many calls as it holds before it refuses any, so that a try takes as
 * much longer.
 */
export function firstSteps(size: number, served: number): Steps {
  return { by: FIRST_BY, calm: FIRST_CALM + size, since: served, tries: 0 }
}

/** The next rate to try, when so many calls were served; the same again until it is time. */
export function afterCalm({ rate, steps }: Felt, served: number): Felt {
  if (served - steps.since < steps.calm) return { rate, steps }
  const tries = steps.tries + 1
  const tried = { ...steps, tries, since: served }
  if (tries <= BOLD_AFTER) return { rate: rate * steps.by, steps: tried }
  const by = Math.min(FIRST_BY, 1 + (steps.by - 1) * BOLDER_BY)
  return { rate: rate * by, steps: { ...tried, by, calm: Math.max(LEAST_CALM, steps.calm / BOLDER_BY) } }
}

export function afterRefusal({ rate, steps }: Felt, served: number): Felt {
  const { by, calm, tries } = steps
  if (tries === 0) return { rate: rate * SLOWER_BY, steps: { ...steps, since: served } }
  const smaller = Math.max(LEAST_BY, 1 + (by - 1) / SMALLER_BY)
  const next = { by: smaller, calm: Math.min(MOST_CALM, calm * 2), since: served, tries: 0 }
  return { rate: rate / by, steps: next }
}
