import { FailedPrecondition, NotFound, RequiredParameter } from '../../../core/errors.ts'
import type { Transaction } from '../../../storage/index.ts'
import type { PluginCatalog } from '../../catalog.ts'
import type { PluginKey } from '../../registry.ts'

// The strongest lock: nobody creates a collector on a plugin that is being changed or removed.
const LOCK_PLUGIN =
  'select state, versions_due_at is not null as is_listed, image from plugin where domain_id = $1 and plugin_id = $2 for update'

export type LockedPlugin = {
  readonly state: 'ENABLED' | 'DISABLED'
  readonly image: string
  /** Whether its versions are those that a registry lists. */
  readonly isListed: boolean
}

/** Holds a registered plugin until the transaction ends; one that comes with the server is refused. */
export async function lockPlugin(
  tx: Transaction,
  { builtins }: PluginCatalog,
  { domainId = '', pluginId }: PluginKey,
): Promise<LockedPlugin> {
  if (pluginId === '') throw new RequiredParameter('plugin_id')
  if (builtins.some((record) => record.pluginId === pluginId)) throw new PluginComesWithServer(pluginId)
  const [plugin] = await tx.query<LockedPlugin>(LOCK_PLUGIN, [domainId, pluginId])
  if (plugin === undefined) throw new NotFound('plugin', pluginId)
  return plugin
}

class PluginComesWithServer extends FailedPrecondition {
  constructor(pluginId: string) {
    const message = `plugin '${pluginId}' comes with the server and is the same in every domain, so it cannot be changed or removed`
    super('ERROR_PLUGIN_BUILT_IN', message)
  }
}
