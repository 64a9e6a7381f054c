import type { Redact } from '../../core/redact-strings.ts'
import { FieldReader, ownValue } from './field-reader.ts'
import { findEmptyRule, parseMatchRules } from './match-rules.ts'
import { matchValue, type StoredResource } from './match-value.ts'
import { rejectResource, rejectUndecodable } from './named-resource.ts'
import { normalizeError } from './normalize-error.ts'
import {
  MAX_BYTES,
  type NormalizedCloudService,
  type NormalizedCloudServiceType,
  type NormalizedRegion,
  type NormalizedResource,
} from './normalized-resource.ts'
import { decodeResourceInfo, type ResourceInfo } from './resource-info.ts'
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './struct-decoder.ts'

/** `ResourceInfo.State.SKIP`: the plugin says that there is nothing to do. */
const STATE_SKIP = 8

/**
 * Decodes and understands one raw message of a plugin's stream. Never throws because of what is in the bytes.
 */
export function decodeResource(
  bytes: Uint8Array,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
  redact?: Redact,
): NormalizedResource {
  const decoded = decodeResourceInfo(bytes, limits)
  return decoded.ok ? normalizeResource(decoded.info, limits, redact) : rejectUndecodable(decoded)
}

/**
 * Understands one decoded message. Explicit nulls count as absent, and top-level fields that the public model
 * does not have are dropped. The objects of the result are those of `info`, not copies.
 */
export function normalizeResource(
  info: ResourceInfo,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
  redact?: Redact,
): NormalizedResource {
  if (info.state === STATE_SKIP) return { kind: 'skipped' }
  switch (info.resourceType) {
    case 'inventory.CloudService':
      return normalizeWith(info, limits, readCloudService)
    case 'inventory.CloudServiceType':
      return normalizeWith(info, limits, readCloudServiceType)
    case 'inventory.Region':
      return normalizeWith(info, limits, readRegion)
    case 'inventory.ErrorResource':
      return normalizeError(info, redact)
    case 'inventory.FilterCache':
      return { kind: 'filter_cache', resource: info.resource ?? {} }
    case '':
      return rejectResource(
        info,
        'ERROR_REQUIRED_PARAMETER',
        "field 'resource_type' is required, and was missing",
      )
    default:
      return rejectResource(info, 'ERROR_UNSUPPORTED_RESOURCE_TYPE', 'this type is not part of the inventory')
  }
}

/** What a resource carries besides its fields. */
export type Common = Pick<NormalizedCloudService, 'matchRules' | 'updateOnly' | 'hasRepeats'>
type Read = (fields: FieldReader, common: Common, limits: DecodeLimits) => StoredResource

function normalizeWith(info: ResourceInfo, limits: DecodeLimits, read: Read): NormalizedResource {
  const rules = parseMatchRules(info.matchRules)
  if (!rules.ok)
    return rejectResource(info, 'ERROR_MATCH_RULE', `its match rules cannot be used: ${rules.why}`)
  const fields = new FieldReader(info.resource ?? {})
  const common = {
    matchRules: rules.rules,
    updateOnly: isUpdateOnly(info),
    ...(info.hasRepeats && { hasRepeats: info.hasRepeats }),
  }
  const resource = read(fields, common, limits)
  const [problem] = fields.problems
  if (problem !== undefined) return rejectResource(info, problem.code, problem.message)
  const emptyRule = findEmptyRule(rules.rules, (key) => matchValue(resource, key))
  if (emptyRule === 0) return resource
  const why = `match rule ${emptyRule} would match everything, because none of its fields has a value`
  return rejectResource(info, 'ERROR_MATCH_RULE', why)
}

/** Reads the fields of a cloud service; what is wrong with them is in the reader's `problems`. */
export function readCloudService(
  fields: FieldReader,
  common: Common,
  limits: DecodeLimits,
): NormalizedCloudService {
  const cloudServiceType = fields.requiredText('cloud_service_type', MAX_BYTES.key)
  const cloudServiceGroup = fields.requiredText('cloud_service_group', MAX_BYTES.key)
  const provider = fields.requiredText('provider', MAX_BYTES.key)
  const data = fields.require('data', fields.objectOrText('data', 'json_data', limits)) ?? {}
  const reference = fields.inner('reference')
  const instanceSize = fields.number('instance_size')
  const projectId = fields.text('project_id', MAX_BYTES.key)
  return {
    kind: 'cloud_service',
    provider,
    cloudServiceGroup,
    cloudServiceType,
    account: fields.text('account', MAX_BYTES.key),
    regionCode: fields.text('region_code', MAX_BYTES.key),
    name: fields.text('name', MAX_BYTES.name),
    instanceType: fields.text('instance_type', MAX_BYTES.key),
    ...(instanceSize === undefined ? {} : { instanceSize }),
    ipAddresses: fields.texts('ip_addresses', MAX_BYTES.key),
    resourceId: reference.text('resource_id', MAX_BYTES.resourceId),
    externalLink: reference.text('external_link', MAX_BYTES.link),
    ...(projectId === '' ? {} : { projectId }),
    data,
    metadata: fields.objectOrText('metadata', 'json_metadata', limits) ?? {},
    tags: fields.tags('tags'),
    ...common,
  }
}

/** Reads the fields of a cloud service type, as `readCloudService` does. */
export function readCloudServiceType(
  fields: FieldReader,
  common: Common,
  limits: DecodeLimits,
): NormalizedCloudServiceType {
  return {
    kind: 'cloud_service_type',
    name: fields.requiredText('name', MAX_BYTES.key),
    provider: fields.requiredText('provider', MAX_BYTES.key),
    group: fields.requiredText('group', MAX_BYTES.key),
    serviceCode: fields.text('service_code', MAX_BYTES.key),
    isPrimary: fields.boolean('is_primary'),
    isMajor: fields.boolean('is_major'),
    resourceType: fields.text('resource_type', MAX_BYTES.key) || 'inventory.CloudService',
    metadata: fields.objectOrText('metadata', 'json_metadata', limits) ?? {},
    tags: fields.tags('tags'),
    labels: fields.texts('labels', MAX_BYTES.key),
    ...common,
  }
}

/** Reads the fields of a region, as `readCloudService` does. */
export function readRegion(fields: FieldReader, common: Common): NormalizedRegion {
  return {
    kind: 'region',
    name: fields.requiredText('name', MAX_BYTES.name),
    regionCode: fields.requiredText('region_code', MAX_BYTES.key),
    provider: fields.requiredText('provider', MAX_BYTES.key),
    tags: fields.tags('tags'),
    ...common,
  }
}

function isUpdateOnly(info: ResourceInfo): boolean {
  const mode = info.options === undefined ? undefined : ownValue(info.options, 'update_mode')
  return mode !== undefined && mode !== null && mode !== '' && mode !== false
}
