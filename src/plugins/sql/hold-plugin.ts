import type { Transaction } from '../../storage/index.ts'
import { PluginNotFound, type PluginRecord } from '../registry.ts'

const HOLD_PLUGIN = 'select 1 from plugin where domain_id = $1 and plugin_id = $2 for key share'

/**
 * Keeps a plugin from being removed until the transaction ends; throws when it has been. For whoever begins
 * to use it.
 */
export async function holdPlugin(tx: Transaction, { pluginId, registration }: PluginRecord): Promise<void> {
  if (registration === undefined) return
  const [row] = await tx.query(HOLD_PLUGIN, [registration.domainId, pluginId])
  if (row === undefined) throw new PluginNotFound(pluginId, [])
}
