import type { Entity } from '../query/index.ts'
import type { AllowedImages } from './image.ts'
import { createPluginEntity, type PluginView } from './plugin-entity.ts'
import type { PluginRecord } from './registry.ts'

/** What the verbs about registered plugins stand on. */
export type PluginCatalog = {
  /** The plugins that come with the server; they are there in every domain, and cannot be changed. */
  readonly builtins: readonly PluginRecord[]
  readonly entity: Entity<PluginView>
  /** Images that may be registered. */
  readonly allowed: AllowedImages
}

/** Puts the plugins that come with the server beside those that are registered. */
export function createPluginCatalog(input: {
  readonly records: readonly PluginRecord[]
  readonly allowed: AllowedImages
}): PluginCatalog {
  const builtins = [...new Map(input.records.map((record) => [record.pluginId, record])).values()]
  return { builtins, entity: createPluginEntity(builtins), allowed: input.allowed }
}
