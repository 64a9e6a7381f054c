import type { JsonObject } from '@bufbuild/protobuf'
import { GleanerError } from '../core/errors.ts'

/** What is known about a plugin before it ever ran. */
export type PluginRecord = {
  readonly pluginId: string
  readonly name: string
  /** Where the program is: `builtin:host`, `cmd:["/opt/p/serve"]`, `grpc://10.0.0.7:50051`. */
  readonly image: string
  readonly serviceType: 'inventory.Collector'
  readonly provider: string
  /** As in the reference implementation; without `supported_schema` the plugin needs no secret. */
  readonly capability: JsonObject
  /** Newest first, never empty. */
  readonly versions: readonly string[]
  readonly labels: readonly string[]
}

/** Knows plugins by id. Lookups are promises because registered plugins will come from the database. */
export interface PluginRegistry {
  findPlugin(pluginId: string): Promise<PluginRecord | undefined>
  /** Throws `PluginNotFound`. */
  getPlugin(pluginId: string): Promise<PluginRecord>
  listPlugins(): Promise<readonly PluginRecord[]>
}

/** No plugin of this id is registered. */
export class PluginNotFound extends GleanerError {
  constructor(pluginId: string, knownIds: readonly string[]) {
    const known = knownIds.length === 0 ? 'none is registered' : `registered are: ${knownIds.join(', ')}`
    super('not_found', 'ERROR_PLUGIN_NOT_FOUND', `plugin '${pluginId}' not found; ${known}`)
  }
}

/** A registry of the given records; a later record replaces an earlier one of the same id. */
export function createPluginRegistry(input: { records: readonly PluginRecord[] }): PluginRegistry {
  const byId = new Map(input.records.map((record) => [record.pluginId, record]))
  return {
    findPlugin: async (pluginId) => byId.get(pluginId),
    getPlugin: async (pluginId) => {
      const record = byId.get(pluginId)
      if (record === undefined) throw new PluginNotFound(pluginId, [...byId.keys()])
      return record
    },
    listPlugins: async () => [...byId.values()],
  }
}
