import type { CallContext } from './context.ts'
import type { JsonObject } from './json.ts'

/** What the inventory holds in one place, from earlier runs of this collector with this secret. */
export type KnownCell = {
  readonly group: string
  readonly type: string
  readonly account: string
  readonly regionCode: string
  readonly resources: number
}

/** What earlier runs of this collector with this secret have measured of one API. */
export type MeasuredApi = {
  readonly api: string
  /** Answered calls, refusals left out. */
  readonly calls: number
  /** Time between sending these calls and their answers, summed. */
  readonly answerSeconds: number
  /** Time in which at least one call was on its way or waited for its turn. */
  readonly busySeconds: number
  /** Calls a second of the slowest bucket, and how many at once; 0 where they were not learnt. */
  readonly rate: number
  readonly burst: number
}

/** What `plan` gets besides: what a `collect` with the same request would get. */
export type PlanContext<Options = JsonObject, Secret = JsonObject> = CallContext<Options, Secret> & {
  /** Empty, or values by the keys of the declared filters. */
  readonly filter: JsonObject
  /** Empty before the first run. */
  readonly known: readonly KnownCell[]
  /** Empty before the first run. */
  readonly measured: readonly MeasuredApi[]
}

/** What a collection is going to take. */
export type Plan = {
  /** Calls by API, as they are to be shown. Name an API as its limiter does, up to the first slash. */
  readonly apis: readonly PlannedApi[]
  /** Seconds in all; leave out what is neither known nor assumed. */
  readonly seconds?: number | undefined
  /** Documents that grant exactly what is needed, in the provider's format. */
  readonly policies?: readonly JsonObject[]
  /** What is not known or assumed, in whole sentences. */
  readonly notes?: readonly string[]
}

/** What a call would ask of one API. */
export type PlannedApi = {
  readonly api: string
  readonly calls: number
  /** Seconds; leave out what is neither known nor assumed. */
  readonly seconds?: number | undefined
  /** What the seconds were reckoned by. */
  readonly basis?: TimeBasis | undefined
  readonly permissions?: readonly string[]
}

/**
 * Times of earlier runs, a rate that was learnt from refusals or that the provider declares, or what you
 * assume; say that in a note.
 */
export type TimeBasis = 'measured' | 'learnt' | 'declared' | 'assumed'
