import type { Limiter, PredictedApi } from './calls/call-meter.ts'
import type { LimitedFetch } from './calls/limited-fetch.ts'
import type { Network } from './calls/network.ts'
import type { Connection } from './calls/transport.ts'
import type { ResourceTypeDeclaration } from './declaration.ts'
import type { JsonObject } from './json.ts'
import type { Log } from './log.ts'
import type { KnownCell, MeasuredApi } from './plan.ts'
import type {
  CloudServiceFields,
  ErrorFields,
  ProgressFields,
  RegionFields,
  ScopeFields,
  Yielded,
} from './resources.ts'

/** What every call of a plugin gets: its checked input, a signal to stop by, and a log. */
export type CallContext<Options = JsonObject, Secret = JsonObject> = {
  readonly options: Options
  /** The opened credentials. Keep no copy beyond the call. */
  readonly secretData: Secret
  /**
   * Aborts when the caller cancels, its deadline passes or the process stops. Pass it to everything that
   * waits.
   */
  readonly signal: AbortSignal
  /** Lines go to stderr as JSON; values of the secret are blanked. */
  readonly log: Log
  /**
   * `fetch` for the provider's API: paced by what the API serves, which is learnt from its refusals, and
   * repeated where it failed in passing. Throws a PluginError for a bad answer.
   */
  readonly fetch: LimitedFetch
  /**
   * The same over a connection of its own: with another authority, a client certificate, or a Unix socket.
   * Make one a call.
   */
  readonly fetchOver: (connection: Connection) => LimitedFetch
  /**
   * Where connections may go. `fetch` keeps to it by itself; what you dial or open otherwise, ask it about
   * first.
   */
  readonly network: Omit<Network, 'connect'>
  /**
   * The limiter of one API for this credential, for calls that do not go through `fetch`: throw `Throttled`
   * when refused. Where an API has several buckets, name it first and then the bucket, after a slash: calls
   * are counted by what stands before it.
   */
  readonly limiter: (api: string) => Limiter
}

/** What `collect` gets besides: what to restrict itself to, and functions that build what it yields. */
export type CollectContext<
  Options = JsonObject,
  Secret = JsonObject,
  T extends string = string,
> = CallContext<Options, Secret> & {
  /** Empty, or values by the keys of the declared filters. */
  readonly filter: JsonObject
  /** Empty, or one of the objects that `getTasks` returned. */
  readonly taskOptions: JsonObject
  /**
   * What the inventory holds of this collector and secret; empty before the first run, and from hosts that
   * tell nothing.
   */
  readonly known: readonly KnownCell[]
  /** What earlier runs have measured of the provider's APIs; empty as `known` is. */
  readonly measured: readonly MeasuredApi[]
  /**
   * Says how many calls this call is going to make and how long they take, by the names of APIs. They add up,
   * and are shown beside what came of it. Of the seconds in all, the longest counts: parts of a call run side
   * by side.
   */
  readonly predict: (calls: Iterable<PredictedApi>, seconds?: number) => void
  /**
   * Declares a type that is met only while something is listed, before it is first named; it then counts as
   * declared in this call, and is sent with its first resource. A name that is declared already stays as it
   * is. Throws where its group and type are another's.
   */
  readonly declareType: (name: T, type: ResourceTypeDeclaration) => void
  /** A resource of a declared type. */
  readonly cloudService: (type: T, fields: CloudServiceFields) => Yielded
  readonly region: (fields: RegionFields) => Yielded
  /**
   * Says that something could not be read, while the rest goes on. Name the type, account and region as
   * narrowly as they are known: exactly what is named counts as unread, and nothing is deleted there; naming
   * nothing withholds all.
   */
  readonly error: (fields: ErrorFields<T>) => Yielded
  /**
   * Lists one scope: passes on what `source` yields and then its receipt. When `source` fails, that becomes
   * an error that names the scope, and the rest goes on.
   */
  readonly list: (
    scope: ScopeFields<T>,
    source: AsyncIterable<Yielded | readonly Yielded[]>,
  ) => AsyncIterable<Yielded | readonly Yielded[]>
  /**
   * A receipt: everything of this scope that exists has been yielded, page by page to the last one. Resources
   * that are missing under receipts are taken for deleted, so yield none when a page failed.
   */
  readonly complete: (scope: ScopeFields<T>) => Yielded
  /** How far the call is. Shown while it runs. */
  readonly progress: (fields: ProgressFields) => Yielded
}
