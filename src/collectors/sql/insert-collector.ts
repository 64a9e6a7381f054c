import type { Sql } from '../../storage/index.ts'
import type { Collector } from '../collector.ts'

const INSERT_COLLECTOR = `
insert into collector (domain_id, collector_id, name, state, priority, is_public, project_id, tags, provider,
                       capability, plugin_id, plugin_version, upgrade_mode, plugin_options, plugin_metadata,
                       secret_id, secret_group_id, secret_provider, service_account_id, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`

/** Stores a new collector. */
export async function insertCollector(sql: Sql, collector: Collector): Promise<void> {
  const { selection } = collector
  await sql.query(INSERT_COLLECTOR, [
    collector.domainId,
    collector.collectorId,
    collector.name,
    collector.state,
    collector.priority,
    collector.isPublic,
    collector.projectId,
    JSON.stringify(collector.tags),
    collector.provider,
    JSON.stringify(collector.capability),
    collector.pluginId,
    collector.pluginVersion,
    collector.upgradeMode,
    JSON.stringify(collector.pluginOptions),
    JSON.stringify(collector.pluginMetadata),
    selection.secretId,
    selection.secretGroupId,
    selection.provider,
    selection.serviceAccountId,
    collector.createdAt,
  ])
}
