import type { Sql } from '../../storage/index.ts'
import { PluginDisabled } from '../registry.ts'

const PLUGIN_STATE = 'select state from plugin where domain_id = $1 and plugin_id = $2'

/** Refuses to start anything on a plugin that was disabled in its domain. For whoever holds a collector and nothing else. */
export async function assertPluginRuns(
  sql: Sql,
  key: { readonly domainId: string; readonly pluginId: string },
  consequence: string,
): Promise<void> {
  const [plugin] = await sql.query<{ state: string }>(PLUGIN_STATE, [key.domainId, key.pluginId])
  if (plugin?.state === 'DISABLED') throw new PluginDisabled(key.pluginId, consequence)
}
