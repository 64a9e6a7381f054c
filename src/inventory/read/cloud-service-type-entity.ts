import { fromJson, type MessageInitShape } from '@bufbuild/protobuf'
import { type ListValue, ListValueSchema } from '@bufbuild/protobuf/wkt'
import type { CloudServiceTypeInfoSchema } from '../../gen/spaceone/api/inventory/v1/cloud_service_type_pb.ts'
import { bool, document, type Entity, text, timestamp } from '../../query/index.ts'

export type CloudServiceTypeView = MessageInitShape<typeof CloudServiceTypeInfoSchema>

/** What can be asked about cloud service types. */
export const cloudServiceTypeEntity: Entity<CloudServiceTypeView> = {
  noun: 'cloud service type',
  table: 'cloud_service_type',
  key: 'cloud_service_type_id',
  fields: {
    cloud_service_type_id: text('t.cloud_service_type_id'),
    name: text('t.name'),
    provider: text('t.provider'),
    group: text('t."group"'),
    cloud_service_type_key: text(`(t.provider || '.' || t."group" || '.' || t.name)`),
    service_code: text('t.service_code'),
    is_primary: bool('t.is_primary'),
    is_major: bool('t.is_major'),
    resource_type: text('t.resource_type'),
    metadata: document('t.metadata'),
    tags: document('t.tags', { depth: 1 }),
    labels: document('t.labels', { read: toListValue }),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
    updated_at: timestamp('t.updated_at'),
  },
  keywords: ['cloud_service_type_id', 'name', 'provider', 'group', 'service_code'],
  sort: [{ key: 'name' }],
  minimal: [
    'cloud_service_type_id',
    'name',
    'provider',
    'group',
    'service_code',
    'is_primary',
    'is_major',
    'resource_type',
  ],
  requestFields: {
    cloud_service_type_id: 'cloud_service_type_id',
    name: 'name',
    provider: 'provider',
    group: 'group',
    cloud_service_type_key: 'cloud_service_type_key',
    service_code: 'service_code',
    is_primary: 'is_primary',
    is_major: 'is_major',
    resource_type: 'resource_type',
  },
}

function toListValue(stored: unknown): ListValue {
  return fromJson(ListValueSchema, Array.isArray(stored) ? stored : [])
}
