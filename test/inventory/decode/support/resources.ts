import type { JsonObject, ResourceInfo } from '../../../../src/inventory/decode/index.ts'

/** A message about a bucket, as a plugin of today sends it. */
export function givenCloudService(resource: JsonObject = {}, info: Partial<ResourceInfo> = {}): ResourceInfo {
  return {
    state: 4,
    message: '',
    resourceType: 'inventory.CloudService',
    matchRules: {
      '1': ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account'],
    },
    resource: {
      name: 'logs-eu',
      provider: 'acme',
      account: '40017',
      cloud_service_group: 'ObjectStore',
      cloud_service_type: 'Bucket',
      region_code: 'eu-1',
      instance_type: 'standard',
      instance_size: 12.5,
      ip_addresses: ['10.0.0.1'],
      data: { versioning: true, objects: 42 },
      tags: { team: 'ops' },
      reference: { resource_id: 'acme:os:logs-eu', external_link: 'https://c.example/logs-eu' },
      metadata: { view: { sub_data: { layouts: [] } } },
      ...resource,
    },
    ...info,
  }
}

export function givenCloudServiceType(resource: JsonObject = {}): ResourceInfo {
  return {
    state: 4,
    message: '',
    resourceType: 'inventory.CloudServiceType',
    matchRules: { '1': ['name', 'group', 'provider'] },
    resource: {
      name: 'Bucket',
      group: 'ObjectStore',
      provider: 'acme',
      is_primary: true,
      is_major: false,
      service_code: 'AcmeOS',
      labels: ['Storage'],
      tags: { 'spaceone:icon': 'https://img.example/b.svg' },
      resource_type: 'inventory.CloudService',
      metadata: { view: { search: [] } },
      ...resource,
    },
  }
}

export function givenRegion(resource: JsonObject = {}): ResourceInfo {
  return {
    state: 4,
    message: '',
    resourceType: 'inventory.Region',
    matchRules: { '1': ['provider', 'region_code'] },
    resource: {
      name: 'Europe 1',
      region_code: 'eu-1',
      provider: 'acme',
      tags: { latitude: '50.1' },
      ...resource,
    },
  }
}

export function givenError(resource: JsonObject = {}, info: Partial<ResourceInfo> = {}): ResourceInfo {
  return {
    state: 5,
    message: 'access denied: ListBuckets',
    resourceType: 'inventory.ErrorResource',
    resource: {
      resource_type: 'inventory.CloudService',
      provider: 'acme',
      cloud_service_group: 'ObjectStore',
      cloud_service_type: 'Bucket',
      resource_id: '',
      ...resource,
    },
    ...info,
  }
}
