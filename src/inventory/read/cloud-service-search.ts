import type { SearchFields } from '../../query/index.ts'

/**
 * The words of the search box for cloud services. What is a name is looked into, in any case, because people
 * remember parts of names; what is a key is compared exactly, because a part of a key means something else.
 */
export const cloudServiceSearchFields: SearchFields = {
  type: { kind: 'path', path: 'cloud_service_type', colon: 'part' },
  group: { kind: 'path', path: 'cloud_service_group', colon: 'part' },
  kind: {
    kind: 'parts',
    paths: ['provider', 'cloud_service_group', 'cloud_service_type'],
    least: 2,
  },
  provider: { kind: 'path', path: 'provider' },
  region: { kind: 'path', path: 'region_code' },
  account: { kind: 'path', path: 'account' },
  name: { kind: 'path', path: 'name', colon: 'part' },
  id: { kind: 'path', path: 'cloud_service_id' },
  resource: { kind: 'path', path: 'reference.resource_id' },
  project: { kind: 'path', path: 'project_id' },
  state: { kind: 'path', path: 'state', colon: 'upper case' },
  ip: { kind: 'path', path: 'ip_addresses' },
  collector: { kind: 'path', path: 'collection_info.collector_id' },
  created: { kind: 'path', path: 'created_at' },
  updated: { kind: 'path', path: 'updated_at' },
  deleted: { kind: 'path', path: 'deleted_at' },
  tag: { kind: 'map', path: 'tags.*' },
}
