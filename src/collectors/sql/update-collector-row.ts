import type { Transaction } from '../../storage/index.ts'
import type { Collector } from '../collector.ts'

// Everything that a call may change; identity, visibility and creation are settled when a collector is
// created.
const UPDATE_COLLECTOR = `
update collector
   set name = $3, state = $4, priority = $5, tags = $6, provider = $7, capability = $8, plugin_version = $9,
       upgrade_mode = $10, plugin_options = $11, plugin_metadata = $12, secret_id = $13, secret_group_id = $14,
       secret_provider = $15, service_account_id = $16
 where domain_id = $1 and collector_id = $2`

/** Stores a collector that the caller's transaction holds. */
export async function updateCollectorRow(tx: Transaction, collector: Collector): Promise<void> {
  const { selection } = collector
  await tx.query(UPDATE_COLLECTOR, [
    collector.domainId,
    collector.collectorId,
    collector.name,
    collector.state,
    collector.priority,
    JSON.stringify(collector.tags),
    collector.provider,
    JSON.stringify(collector.capability),
    collector.pluginVersion,
    collector.upgradeMode,
    JSON.stringify(collector.pluginOptions),
    JSON.stringify(collector.pluginMetadata),
    selection.secretId,
    selection.secretGroupId,
    selection.provider,
    selection.serviceAccountId,
  ])
}
