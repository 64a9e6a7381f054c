import type { JsonObject } from '@bufbuild/protobuf'
import { FailedPrecondition, GleanerError } from '../core/errors.ts'
import { shown } from '../core/shown.ts'
import type { Sql } from '../storage/index.ts'
import { findRegisteredPlugin } from './sql/find-registered-plugin.ts'

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
  /** What only a plugin has that was registered in a domain; those that come with the server are there in all of them. */
  readonly registration?: {
    readonly domainId: string
    readonly state: 'ENABLED' | 'DISABLED'
    /** Only private collectors of this project may run it; '' for all. */
    readonly projectId: string
  }
}

export type PluginKey = { readonly domainId?: string; readonly pluginId: string }

/**
 * Knows plugins by domain and id: those that come with the server, and those registered in the domain. A request looks through
 * its own database, which shows it no other domain's; the engine leaves it out, and looks through the server's.
 */
export interface PluginRegistry {
  findPlugin(key: PluginKey, through?: Sql): Promise<PluginRecord | undefined>
  /** Throws `PluginNotFound`. */
  getPlugin(key: PluginKey, through?: Sql): Promise<PluginRecord>
}

/** No plugin of this id is registered. */
export class PluginNotFound extends GleanerError {
  constructor(pluginId: string, builtinIds: readonly string[]) {
    const known = builtinIds.length === 0 ? '' : `; with the server come: ${builtinIds.join(', ')}`
    super('not_found', 'ERROR_PLUGIN_NOT_FOUND', `plugin '${shown(pluginId)}' not found${known}`)
  }
}

/**
 * A registry of the given records, which are there in every domain, and of what is registered in the database. Nothing is
 * kept in memory: each process sees at once what another has registered.
 */
export function createPluginRegistry(input: {
  readonly records: readonly PluginRecord[]
  readonly db?: Sql
}): PluginRegistry {
  const byId = new Map(input.records.map((record) => [record.pluginId, record]))

  async function findPlugin(
    { domainId = '', pluginId }: PluginKey,
    through: Sql | undefined = input.db,
  ): Promise<PluginRecord | undefined> {
    const builtin = byId.get(pluginId)
    if (builtin !== undefined || through === undefined || domainId === '') return builtin
    return await findRegisteredPlugin(through, { domainId, pluginId })
  }

  return {
    findPlugin,
    async getPlugin(key, through) {
      const record = await findPlugin(key, through)
      if (record === undefined) throw new PluginNotFound(key.pluginId, [...byId.keys()])
      return record
    },
  }
}

/** Refuses a plugin that was disabled in its domain. */
export function assertPluginEnabled({ pluginId, registration }: PluginRecord, consequence: string): void {
  if (registration?.state === 'DISABLED') throw new PluginDisabled(pluginId, consequence)
}

/** What it means is the end of the sentence, such as 'no job was started'. */
export class PluginDisabled extends FailedPrecondition {
  constructor(pluginId: string, consequence: string) {
    const message = `plugin '${pluginId}' is disabled, so ${consequence}. Enable it, then try again`
    super('ERROR_PLUGIN_STATE', message)
  }
}
