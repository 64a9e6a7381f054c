import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import type { PluginConnection, PluginHost, PluginMetadata } from '../../plugins/index.ts'
import { replaceManagedRules } from '../../rules/index.ts'
import type { Database } from '../../storage/index.ts'
import type { TakenTask, TaskCollector } from '../task.ts'

// Only over the version the task was taken with: a change made by a call in the meantime stays. Provider and
// capability are those of the plugin's record; plugins that come with the server have none, and keep theirs.
const STORE_UPGRADE = `
update collector c
   set plugin_version = $4, plugin_metadata = $5, provider = coalesce(p.provider, c.provider),
       capability = coalesce(p.capability, c.capability)
  from (select) none
  left join plugin p on p.domain_id = $1 and p.plugin_id = $6
 where c.domain_id = $1 and c.collector_id = $2 and c.plugin_version = $3 and c.upgrade_mode = 'AUTO'
returning c.collector_id`

type PrepareDeps = {
  readonly db: Database
  readonly plugins: PluginHost
  readonly log: Logger
  readonly now: Clock
}

/**
 * Connects to the plugin of a task. With upgrade mode AUTO that is the newest version there is; when it is
 * not the one the collector was described by, it describes itself again first. When it cannot, nothing of the
 * collector changes and the attempt fails.
 */
export async function preparePlugin(
  deps: PrepareDeps,
  task: TakenTask,
  collector: TaskCollector,
  signal: AbortSignal,
): Promise<PluginConnection> {
  const { pluginId, pluginVersion, upgradeMode, options } = collector
  const { domainId } = task
  const wish =
    upgradeMode === 'AUTO' ? { domainId, pluginId } : { domainId, pluginId, version: pluginVersion }
  const plugin = await deps.plugins.connect(wish, signal)
  if (plugin.version === pluginVersion) return plugin
  try {
    const metadata = await plugin.init(options, signal)
    await storeUpgrade(deps, task, collector, { version: plugin.version, metadata })
    return plugin
  } catch (thrown) {
    plugin.release()
    throw thrown
  }
}

/** What the newer version says of itself and its rules change together. */
async function storeUpgrade(
  { db, log, now }: PrepareDeps,
  { domainId, collectorId }: TakenTask,
  { pluginId, pluginVersion }: TaskCollector,
  { version, metadata }: { readonly version: string; readonly metadata: PluginMetadata },
): Promise<void> {
  const described = JSON.stringify(metadata)
  await db.transaction(async (tx) => {
    const upgraded = await tx.query(STORE_UPGRADE, [
      domainId,
      collectorId,
      pluginVersion,
      version,
      described,
      pluginId,
    ])
    if (upgraded.length === 0) return
    await replaceManagedRules(tx, log, { domainId, collectorId, metadata, at: now() })
  })
}
