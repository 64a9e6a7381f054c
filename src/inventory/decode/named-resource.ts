import { EXPLANATIONS } from './decode-error.ts'
import { ownValue } from './field-reader.ts'
import type { JsonObject } from './json.ts'
import { valueAt } from './match-rules.ts'
import { MAX_BYTES, type NamedResource, type RejectedResource } from './normalized-resource.ts'
import type { DecodeFailure, ResourceInfo } from './resource-info.ts'

/**
 * What a resource of any type says about where it belongs. Unusable values are left out, so that this never
 * fails.
 */
export function nameResource(resource: JsonObject | undefined, resourceType: string): NamedResource {
  if (resource === undefined) return {}
  const isType = resourceType === 'inventory.CloudServiceType'
  return dropEmpty({
    provider: key(resource, 'provider'),
    cloudServiceGroup: key(resource, isType ? 'group' : 'cloud_service_group'),
    cloudServiceType: key(resource, isType ? 'name' : 'cloud_service_type'),
    account: key(resource, 'account'),
    regionCode: key(resource, 'region_code'),
    resourceId:
      usable(valueAt(resource, 'reference.resource_id'), MAX_BYTES.resourceId) ??
      usable(ownValue(resource, 'resource_id'), MAX_BYTES.resourceId),
  })
}

/** The same in the contract's spelling, for an error entry of the task. */
export function toAdditional(resourceType: string, named: NamedResource): JsonObject {
  return dropEmpty({
    resource_type: resourceType,
    provider: named.provider,
    cloud_service_group: named.cloudServiceGroup,
    cloud_service_type: named.cloudServiceType,
    account: named.account,
    region_code: named.regionCode,
    resource_id: named.resourceId,
  })
}

/** The verdict on a decoded message that cannot be used. */
export function rejectResource(info: ResourceInfo, code: string, why: string): RejectedResource {
  const resourceType = printableType(info.resourceType)
  const named = nameResource(info.resource, info.resourceType)
  const what = resourceType === '' ? 'resource' : `resource of type '${resourceType}'`
  return {
    kind: 'rejected',
    code,
    message: `${what} was not stored: ${why}; the plugin has to be corrected`,
    resourceType,
    named,
    additional: toAdditional(resourceType, named),
  }
}

/**
 * The verdict on message bytes that cannot be decoded: nothing is known of the resource but where decoding
 * stopped.
 */
export function rejectUndecodable(failure: DecodeFailure): RejectedResource {
  const where = failure.path === '' ? '' : ` at '${failure.path}'`
  const why = EXPLANATIONS[failure.reason]
  return {
    kind: 'rejected',
    code: 'ERROR_INVALID_RESOURCE',
    message: `a message of the plugin could not be decoded${where}: ${why}; its resource was not stored`,
    resourceType: '',
    named: {},
    additional: {},
  }
}

/** A type name is shown only when it looks like one. */
function printableType(resourceType: string): string {
  return /^[\w.]{1,64}$/.test(resourceType) ? resourceType : ''
}

function key(resource: JsonObject, name: string): string | undefined {
  return usable(ownValue(resource, name), MAX_BYTES.key)
}

function usable(value: unknown, maxBytes: number): string | undefined {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= maxBytes ? value : undefined
}

function dropEmpty(source: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && value !== '') kept[name] = value
  }
  return kept
}
