import type { ResourceTypeDeclaration } from '../declaration.ts'
import { PluginError, toPluginError } from '../errors.ts'
import type { CloudServiceFields, ErrorFields, RegionFields } from '../resources.ts'
import { encodeResource, encodeStruct } from './resource-message.ts'

// How a stored resource is found again, as the public plugins state it.
const SERVICE_RULES = encodeStruct({
  1: ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account'],
})
const TYPE_RULES = encodeStruct({ 1: ['name', 'group', 'provider'] })
const REGION_RULES = encodeStruct({ 1: ['provider', 'region_code'] })

// The objects below name their keys in sorted order, which spares the encoder the sort.

/** Encodes a resource of a declared type. */
export function encodeCloudService(
  provider: string,
  declared: ResourceTypeDeclaration,
  fields: CloudServiceFields,
): Uint8Array {
  if (typeof fields.resourceId !== 'string' || fields.resourceId === '') {
    throw new PluginError('ERROR_RESOURCE_INVALID', 'resourceId must be a text that is not empty')
  }
  return encodeResource({
    state: 'SUCCESS',
    resourceType: 'inventory.CloudService',
    matchRules: SERVICE_RULES,
    resource: {
      account: fields.account,
      cloud_service_group: declared.group,
      cloud_service_type: declared.type,
      data: withRelations(fields),
      instance_size: fields.instanceSize,
      instance_type: fields.instanceType,
      ip_addresses: fields.ipAddresses,
      launched_at: fields.launchedAt,
      metadata: fields.metadata,
      name: fields.name,
      provider,
      reference: { external_link: fields.externalLink, resource_id: fields.resourceId },
      region_code: fields.regionCode,
      tags: fields.tags,
    },
  })
}

/**
 * The relations lie in the document, where they are compared, kept in the history and searched like all of
 * it.
 */
function withRelations({ data, relations }: CloudServiceFields): object {
  if (relations === undefined) return data
  if ('relations' in data) {
    throw new PluginError('ERROR_RESOURCE_INVALID', 'data.relations is there beside relations; keep one')
  }
  const sorted = relations
    .map(({ name, resourceId, type }) => ({ name, resource_id: resourceId, type }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.resource_id, b.resource_id))
  return { ...data, relations: sorted }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** Encodes a declared resource type. */
export function encodeCloudServiceType(provider: string, declared: ResourceTypeDeclaration): Uint8Array {
  return encodeResource({
    state: 'SUCCESS',
    resourceType: 'inventory.CloudServiceType',
    matchRules: TYPE_RULES,
    resource: {
      group: declared.group,
      is_major: declared.isMajor ?? false,
      is_primary: declared.isPrimary ?? false,
      labels: declared.labels ?? [],
      metadata: declared.metadata ?? {},
      name: declared.type,
      provider,
      resource_type: 'inventory.CloudService',
      service_code: declared.serviceCode,
      tags: declared.tags ?? {},
    },
  })
}

export function encodeRegion(provider: string, fields: RegionFields): Uint8Array {
  return encodeResource({
    state: 'SUCCESS',
    resourceType: 'inventory.Region',
    matchRules: REGION_RULES,
    resource: { name: fields.name, provider, region_code: fields.regionCode, tags: fields.tags ?? {} },
  })
}

/**
 * Encodes that something could not be read. Empty names mean "not known": the caller then withholds
 * everything that the name could have narrowed down.
 */
export function encodeError(
  provider: string,
  declared: ResourceTypeDeclaration | undefined,
  fields: ErrorFields,
): Uint8Array {
  const cause = fields.error === undefined ? undefined : toPluginError(fields.error)
  const code =
    fields.code ?? (fields.error instanceof PluginError ? fields.error.code : 'ERROR_COLLECT_RESOURCE')
  return encodeResource({
    state: 'FAILURE',
    message: `${code}: ${fields.message ?? cause?.message ?? 'no reason was given'}`,
    resourceType: 'inventory.ErrorResource',
    resource: {
      account: fields.account,
      cloud_service_group: declared?.group ?? '',
      cloud_service_type: declared?.type ?? '',
      provider,
      region_code: fields.regionCode,
      resource_id: fields.resourceId ?? '',
      resource_type: 'inventory.CloudService',
    },
  })
}
