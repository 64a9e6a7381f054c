import type { MessageInitShape } from '@bufbuild/protobuf'
import type { CloudServiceInfoSchema } from '../../gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import {
  collection,
  document,
  type Entity,
  float,
  object,
  text,
  textList,
  timestamp,
} from '../../query/index.ts'
import { loadCollectionInfo } from './collection-info.ts'

export type CloudServiceView = MessageInitShape<typeof CloudServiceInfoSchema>

/** What can be asked about cloud services. */
export const cloudServiceEntity: Entity<CloudServiceView> = {
  noun: 'cloud service',
  table: 'cloud_service',
  key: 'cloud_service_id',
  fields: {
    cloud_service_id: text('t.cloud_service_id'),
    name: text('t.name'),
    state: text('t.state'),
    account: text('t.account'),
    instance_type: text('t.instance_type'),
    instance_size: float('t.instance_size', { nullable: true }),
    cloud_service_type: text('t.cloud_service_type'),
    cloud_service_group: text('t.cloud_service_group'),
    provider: text('t.provider'),
    data: document('t.data'),
    metadata: document('t.metadata'),
    reference: object({ resource_id: text('t.resource_id'), external_link: text('t.external_link') }),
    tags: document('t.tags', { depth: 2 }),
    tag_keys: document(tagKeys('t.tags'), { depth: 1 }),
    collection_info: collection({
      from: `contribution c join contributor w using (domain_id, contributor_id)
             where c.domain_id = t.domain_id and c.target_id = t.cloud_service_id and w.collector_id <> ''`,
      fields: { collector_id: text('w.collector_id'), secret_id: text('w.secret_id') },
      shown: ['provider', 'service_account_id', 'last_collected_at'],
      load: loadCollectionInfo,
    }),
    ip_addresses: textList('t.ip_addresses'),
    region_code: text('t.region_code'),
    project_id: text('t.project_id'),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
    updated_at: timestamp('t.updated_at'),
    deleted_at: timestamp('t.deleted_at', { nullable: true }),
  },
  keywords: [
    'cloud_service_id',
    'name',
    'ip_addresses',
    'cloud_service_group',
    'cloud_service_type',
    'reference.resource_id',
  ],
  keywordText: 't.keywords',
  isWide: true,
  sort: [{ key: 'name' }],
  minimal: [
    'cloud_service_id',
    'name',
    'state',
    'account',
    'provider',
    'cloud_service_group',
    'cloud_service_type',
    'reference.resource_id',
    'region_code',
    'project_id',
  ],
  requestFields: {
    cloud_service_id: 'cloud_service_id',
    name: 'name',
    state: 'state',
    account: 'account',
    instance_type: 'instance_type',
    cloud_service_type: 'cloud_service_type',
    cloud_service_group: 'cloud_service_group',
    provider: 'provider',
    region_code: 'region_code',
    ip_address: 'ip_addresses',
    project_id: 'project_id',
  },
  hidden: { field: 'state', value: 'DELETED' },
}

// {provider: {key: value}} → {provider: [key, …]}, sorted.
function tagKeys(tags: string): string {
  return `coalesce((
    select jsonb_object_agg(p.key, (select coalesce(jsonb_agg(k.name order by k.name), '[]')
                                    from jsonb_object_keys(p.value) as k (name)))
    from jsonb_each(${tags}) as p where jsonb_typeof(p.value) = 'object'), '{}')`
}
