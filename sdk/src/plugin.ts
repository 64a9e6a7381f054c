import type { CallContext, CollectContext } from './context.ts'
import type {
  FilterDeclaration,
  RegionDeclaration,
  ResourceTypeDeclaration,
  Schedule,
  TaskOptions,
} from './declaration.ts'
import type { JsonObject } from './json.ts'
import type { Plan, PlanContext } from './plan.ts'
import type { ScopeFields, Yielded } from './resources.ts'
import type { ObjectSchema } from './schema/json-schema.ts'

const BRAND = Symbol.for('gleaner.plugin')

/**
 * A checked declaration with its defaults filled in: what `definePlugin` returns and `servePlugin` serves.
 */
export type Plugin = {
  readonly name: string
  readonly version: string
  readonly provider: string
  readonly options: ObjectSchema
  readonly secret: ObjectSchema
  readonly features: readonly string[]
  readonly sees: 'worker' | undefined
  readonly permissions: readonly string[]
  readonly schedules: readonly Schedule[]
  readonly filters: readonly FilterDeclaration[]
  readonly resourceTypes: ReadonlyMap<string, ResourceTypeDeclaration>
  readonly regions: ReadonlyMap<string, RegionDeclaration>
  readonly verify: ((ctx: CallContext) => Promise<void>) | undefined
  readonly plan: ((ctx: PlanContext) => Promise<Plan>) | undefined
  readonly getTasks: ((ctx: CallContext) => Promise<readonly TaskOptions[]>) | undefined
  readonly discoverTypes:
    | ((ctx: CallContext) => Promise<Readonly<Record<string, ResourceTypeDeclaration>>>)
    | undefined
  readonly scopes: ((ctx: CollectContext) => AsyncIterable<ScopeFields>) | undefined
  readonly collect: (ctx: CollectContext) => AsyncIterable<Yielded | readonly Yielded[]>
}

/** Marks a plugin, so that a module which exports something else is told apart at launch. */
export function brandPlugin(plugin: Plugin): Plugin {
  return Object.freeze(Object.defineProperty(plugin, BRAND, { value: true }))
}

/** True for what `definePlugin` returned, also when the plugin brought another copy of this package. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, BRAND)
}

/** What `init` answers: the keys the public protocol knows, and the schema of the secret beside them. */
export function pluginMetadata(plugin: Plugin): JsonObject {
  return asJson({
    filter_format: plugin.filters.map((filter) => ({ ...filter, resource_type: 'CUSTOM' })),
    supported_resource_type: ['inventory.CloudService', 'inventory.CloudServiceType', 'inventory.Region'],
    supported_features: plugin.features,
    supported_schedules: plugin.schedules,
    ...(plugin.sees === undefined ? {} : { sees: plugin.sees }),
    options_schema: plugin.options,
    secret_schema: plugin.secret,
    plugin: { name: plugin.name, version: plugin.version, provider: plugin.provider },
  })
}

/**
 * Claims that an object built of JSON values is one; the read-only types of a declaration are not assignable.
 */
function asJson(value: object): JsonObject {
  return value as JsonObject
}
