import type { JsonObject } from '@bufbuild/protobuf'
import type { Logger } from '../access/index.ts'
import { FailedPrecondition, GleanerError } from '../core/errors.ts'
import { shown } from '../core/shown.ts'
import type { Database, Sql } from '../storage/index.ts'
import { refreshIfDue } from './registered/refresh-versions.ts'
import { findRegisteredPlugin } from './sql/find-registered-plugin.ts'
import type { VersionLister } from './version-lister.ts'

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
  /**
   * What only a plugin has that was registered in a domain; those that come with the server are there in all
   * of them.
   */
  readonly registration?: {
    readonly domainId: string
    readonly state: 'ENABLED' | 'DISABLED'
    /** Only private collectors of this project may run it; '' for all. */
    readonly projectId: string
    /** Whether its versions are those of the registry of its image, and not told. */
    readonly isListed: boolean
  }
}

export type PluginKey = { readonly domainId?: string; readonly pluginId: string }

/**
 * Knows plugins by domain and id: those that come with the server, and those registered in the domain. A
 * request looks through its own database, which shows it no other domain's; the engine leaves it out, and
 * looks through the server's.
 */
export interface PluginRegistry {
  findPlugin(key: PluginKey, through?: Sql): Promise<PluginRecord | undefined>
  /** Throws `PluginNotFound`. */
  getPlugin(key: PluginKey, through?: Sql): Promise<PluginRecord>
  /**
   * The same for who wants the newest version: where the registry of the image listed them long ago, it is
   * asked first.
   */
  getRefreshed(key: PluginKey, signal: AbortSignal, through?: Database): Promise<PluginRecord>
}

/** No plugin of this id is registered. */
export class PluginNotFound extends GleanerError {
  constructor(pluginId: string, builtinIds: readonly string[]) {
    const known = builtinIds.length === 0 ? '' : `; with the server come: ${builtinIds.join(', ')}`
    super('not_found', 'ERROR_PLUGIN_NOT_FOUND', `plugin '${shown(pluginId)}' not found${known}`)
  }
}

/**
 * A registry of the given records, which are there in every domain, and of what is registered in the
 * database. Nothing is kept in memory: each process sees at once what another has registered.
 */
export function createPluginRegistry(input: {
  readonly records: readonly PluginRecord[]
  readonly db?: Database
  /** Without it no registry is asked. */
  readonly lister?: VersionLister
  readonly log?: Logger
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

  async function getPlugin(key: PluginKey, through?: Sql): Promise<PluginRecord> {
    const record = await findPlugin(key, through)
    if (record === undefined) throw new PluginNotFound(key.pluginId, [...byId.keys()])
    return record
  }

  return {
    findPlugin,
    getPlugin,
    async getRefreshed(key, signal, db = input.db) {
      const { lister, log } = input
      const record = await getPlugin(key, db)
      const { registration } = record
      if (!registration?.isListed || db === undefined || lister === undefined || log === undefined)
        return record
      const { domainId } = registration
      await refreshIfDue({ db, lister, log }, { domainId, pluginId: key.pluginId }, signal)
      return await getPlugin(key, db)
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
