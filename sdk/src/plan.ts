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

/** What `plan` gets besides: what a `collect` with the same request would get. */
export type PlanContext<Options = JsonObject, Secret = JsonObject> = CallContext<Options, Secret> & {
  /** Empty, or values by the keys of the declared filters. */
  readonly filter: JsonObject
  /** Empty before the first run. */
  readonly known: readonly KnownCell[]
}

/** What a collection is going to take. */
export type Plan = {
  /** Calls by API, as they are to be shown. Name an API as its limiter does, up to the first slash. */
  readonly apis: readonly PlannedApi[]
  /** Seconds in all at least; leave out what is not known. */
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
  /** Seconds at least; leave out what is not known. */
  readonly seconds?: number | undefined
  readonly permissions?: readonly string[]
}
