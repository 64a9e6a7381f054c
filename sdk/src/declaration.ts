import type { CallContext, CollectContext } from './context.ts'
import type { JsonObject } from './json.ts'
import type { Plan, PlanContext } from './plan.ts'
import type { ScopeFields, Yielded } from './resources.ts'
import type { FromSchema, ObjectSchema } from './schema/json-schema.ts'

/**
 * One kind of resource that a plugin reports. The SDK sends it as a cloud service type before the first
 * resource.
 */
export type ResourceTypeDeclaration = {
  /** First level of the inventory's tree, such as `Storage`. */
  readonly group: string
  /** Second level, such as `Disk`. Group and type together must be unique in the plugin. */
  readonly type: string
  /** Shown first in its group. Default false. */
  readonly isPrimary?: boolean
  /** Counted on overview pages. Default false. */
  readonly isMajor?: boolean
  /**
   * True when it is sent just before the first resource of it, and not at all where there is none: for
   * plugins that know far more types than anybody has. Default false: at the beginning.
   */
  readonly isSentWhenFound?: boolean
  /** The provider's own code of the service, for cost data. */
  readonly serviceCode?: string
  readonly labels?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  /** How consoles lay the resources out (`view.table`, `view.search` …). */
  readonly metadata?: object
  /**
   * True when an id belongs to one region for ever. What is missing there is then gone, and was not moved.
   * Default false.
   */
  readonly idsAreRegional?: boolean
  /** What listing this type takes at the provider, in its own words, such as `compute.servers.list`. */
  readonly permissions?: readonly string[]
  /** What `data` holds, as far as you promise it. Published, and checked by `gleaner plugins check`. */
  readonly schema?: ObjectSchema
}

/** A region known in advance; it is sent once, just before the first resource that lies in it. */
export type RegionDeclaration = { readonly name: string; readonly tags?: Readonly<Record<string, string>> }

/** A key that callers may filter a collection by. It reaches `collect` as `ctx.filter[key]`. */
export type FilterDeclaration = {
  readonly key: string
  readonly name: string
  readonly type: 'str' | 'list'
}

/** A kind of schedule: at hours of the day, every so many seconds, or by a cron expression. */
export type Schedule = 'hours' | 'interval' | 'cron'

/** A task's share of the work; comes back unchanged as `ctx.taskOptions`. */
export type TaskOptions = JsonObject

/**
 * What an author writes. `O` and `S` are the schemas of options and secret, `T` the names of the resource
 * types.
 */
export type PluginDeclaration<O extends ObjectSchema, S extends ObjectSchema, T extends string> = {
  /** Lowercase letters, digits and dashes. */
  readonly name: string
  /** Three numbers, such as `1.4.0`. */
  readonly version: string
  /** Provider of everything the plugin reports, such as `aws`. */
  readonly provider: string
  /**
   * Settings of a collector. Unknown names are refused unless `additionalProperties` is true. Default: none.
   */
  readonly options?: O
  /**
   * Credentials. Unknown names are ignored, because one secret may serve several plugins. Default: none
   * needed.
   */
  readonly secret?: S
  readonly features?: readonly string[]
  /**
   * `worker` when the plugin sees only the machine it runs on, such as its files, processes or local engines.
   * A collector is then pinned to the machine of the worker that runs it first. Default: it sees the same
   * from everywhere.
   */
  readonly sees?: 'worker'
  /** What the plugin takes at the provider whatever it lists, in the provider's own words. */
  readonly permissions?: readonly string[]
  /** Kinds of schedule that make sense. Default `['hours']`. */
  readonly schedules?: readonly Schedule[]
  readonly filters?: readonly FilterDeclaration[]
  readonly resourceTypes: Readonly<Record<T, ResourceTypeDeclaration>>
  readonly regions?: Readonly<Record<string, RegionDeclaration>>
  /** Throws when the options and the secret cannot work. Both already fit their schemas. */
  readonly verify?: (ctx: CallContext<FromSchema<O>, FromSchema<S>>) => Promise<void>
  /**
   * Predicts the calls, the time and the permissions of a collection of everything that the secret opens. It
   * may ask for what there is to be asked, such as regions, and lists nothing. Without it only the declared
   * permissions are shown.
   */
  readonly plan?: (ctx: PlanContext<FromSchema<O>, FromSchema<S>>) => Promise<Plan>
  /** Splits the work of one secret into tasks that may run at the same time on different workers. */
  readonly getTasks?: (ctx: CallContext<FromSchema<O>, FromSchema<S>>) => Promise<readonly TaskOptions[]>
  /**
   * Resource types that only the provider can name, such as those its users define. Asked before `scopes` and
   * `collect`, whose contexts then take these names as they take the declared ones.
   */
  readonly discoverTypes?: (
    ctx: CallContext<FromSchema<O>, FromSchema<S>>,
  ) => Promise<Readonly<Record<string, ResourceTypeDeclaration>>>
  /**
   * Yields the scopes that a call is going to list, before it lists any. Each should be completed with
   * `ctx.complete`; what is not, shows as incomplete. Without this, receipts count where they come and
   * nothing is said about the rest.
   */
  readonly scopes?: (ctx: CollectContext<FromSchema<O>, FromSchema<S>, T>) => AsyncIterable<ScopeFields<T>>
  /**
   * Yields resources, or pages of them, in any order. Yielding is the back-pressure: it resumes when the
   * caller has read on.
   */
  readonly collect: (
    ctx: CollectContext<FromSchema<O>, FromSchema<S>, T>,
  ) => AsyncIterable<Yielded | readonly Yielded[]>
}
