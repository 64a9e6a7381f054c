import type { JsonObject, JsonValue } from './json.ts'
import { valueAt } from './match-rules.ts'
import type {
  NormalizedCloudService,
  NormalizedCloudServiceType,
  NormalizedRegion,
} from './normalized-resource.ts'

/** A resource that is stored, and so can be matched. */
export type StoredResource = NormalizedCloudService | NormalizedCloudServiceType | NormalizedRegion

/**
 * The value that a key of a match rule stands for in this resource; undefined for fields that are not stored.
 */
export function matchValue(resource: StoredResource, key: string): JsonValue | undefined {
  switch (resource.kind) {
    case 'cloud_service':
      return read(resource, key, CLOUD_SERVICE_FIELDS)
    case 'cloud_service_type':
      return read(resource, key, CLOUD_SERVICE_TYPE_FIELDS)
    case 'region':
      return read(resource, key, REGION_FIELDS)
  }
}

type Fields<T> = Readonly<Record<string, (resource: T) => JsonValue | undefined>>

const CLOUD_SERVICE_FIELDS: Fields<NormalizedCloudService> = {
  name: ({ name }) => name,
  provider: ({ provider }) => provider,
  account: ({ account }) => account,
  cloud_service_group: ({ cloudServiceGroup }) => cloudServiceGroup,
  cloud_service_type: ({ cloudServiceType }) => cloudServiceType,
  region_code: ({ regionCode }) => regionCode,
  instance_type: ({ instanceType }) => instanceType,
  instance_size: ({ instanceSize }) => instanceSize,
  ip_addresses: ({ ipAddresses }) => [...ipAddresses],
  project_id: ({ projectId }) => projectId,
  'reference.resource_id': ({ resourceId }) => resourceId,
  'reference.external_link': ({ externalLink }) => externalLink,
}

const CLOUD_SERVICE_TYPE_FIELDS: Fields<NormalizedCloudServiceType> = {
  name: ({ name }) => name,
  provider: ({ provider }) => provider,
  group: ({ group }) => group,
  service_code: ({ serviceCode }) => serviceCode,
  is_primary: ({ isPrimary }) => isPrimary,
  is_major: ({ isMajor }) => isMajor,
  resource_type: ({ resourceType }) => resourceType,
}

const REGION_FIELDS: Fields<NormalizedRegion> = {
  name: ({ name }) => name,
  provider: ({ provider }) => provider,
  region_code: ({ regionCode }) => regionCode,
}

/** A top-level field, or a dotted path into one of the documents. */
function read<T extends StoredResource>(resource: T, key: string, fields: Fields<T>): JsonValue | undefined {
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined
  if (field !== undefined) return field(resource)
  const dot = key.indexOf('.')
  const document = dot < 0 ? undefined : documentOf(resource, key.slice(0, dot))
  return document === undefined ? undefined : valueAt(document, key.slice(dot + 1))
}

function documentOf(resource: StoredResource, name: string): JsonObject | undefined {
  if (name === 'tags') return resource.tags
  if (name === 'data' && resource.kind === 'cloud_service') return resource.data
  if (name === 'metadata' && resource.kind !== 'region') return resource.metadata
  return undefined
}
