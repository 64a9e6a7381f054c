import type { Entity } from '../query/index.ts'
import { createPluginEntity, type PluginView } from './plugin-entity.ts'
import type { PluginRecord } from './registry.ts'
import type { RuntimeName } from './runtimes/names.ts'

/** What the verbs about registered plugins stand on. */
export type PluginCatalog = {
  /** The plugins that come with the server; they are there in every domain, and cannot be changed. */
  readonly builtins: readonly PluginRecord[]
  readonly entity: Entity<PluginView>
  /** Kinds of images that may be registered. */
  readonly allowedRuntimes: readonly RuntimeName[]
}

/** Puts the plugins that come with the server beside those that are registered. */
export function createPluginCatalog(input: {
  readonly records: readonly PluginRecord[]
  readonly allowedRuntimes: readonly RuntimeName[]
}): PluginCatalog {
  const builtins = [...new Map(input.records.map((record) => [record.pluginId, record])).values()]
  return { builtins, entity: createPluginEntity(builtins), allowedRuntimes: input.allowedRuntimes }
}
