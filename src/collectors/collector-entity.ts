import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  CollectorInfo_State,
  type CollectorInfoSchema,
  PluginInfo_UpgradeMode,
} from '../gen/spaceone/api/inventory/v1/collector_pb.ts'
import { bool, document, type Entity, enumeration, int, object, text, timestamp } from '../query/index.ts'

export type CollectorView = MessageInitShape<typeof CollectorInfoSchema>

/** What can be asked about collectors. */
export const collectorEntity: Entity<CollectorView> = {
  noun: 'collector',
  table: 'collector',
  key: 'collector_id',
  fields: {
    collector_id: text('t.collector_id'),
    name: text('t.name'),
    state: enumeration('t.state', CollectorInfo_State),
    plugin_info: object({
      plugin_id: text('t.plugin_id'),
      version: text('t.plugin_version'),
      options: document('t.plugin_options'),
      secret_id: text('t.secret_id'),
      secret_group_id: text('t.secret_group_id'),
      provider: text('t.secret_provider'),
      service_account_id: text('t.service_account_id'),
      metadata: document('t.plugin_metadata'),
      upgrade_mode: enumeration('t.upgrade_mode', PluginInfo_UpgradeMode),
    }),
    priority: int('t.priority'),
    tags: document('t.tags', { depth: 1 }),
    created_at: timestamp('t.created_at'),
    last_collected_at: timestamp('t.last_collected_at', { nullable: true }),
    domain_id: text('t.domain_id'),
    provider: text('t.provider'),
    capability: document('t.capability'),
    is_public: bool('t.is_public'),
    project_id: text('t.project_id'),
  },
  keywords: ['collector_id', 'name', 'provider'],
  sort: [{ key: 'name' }],
  minimal: [
    'collector_id',
    'name',
    'state',
    'provider',
    'capability',
    'plugin_info.plugin_id',
    'plugin_info.version',
    'is_public',
    'project_id',
  ],
  requestFields: {
    collector_id: 'collector_id',
    name: 'name',
    state: 'state',
    priority: 'priority',
    plugin_id: 'plugin_info.plugin_id',
  },
}
