import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter, RequiredParameter } from '../../core/errors.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { imageViolations, VERSION_PLACE } from '../image.ts'
import { runtimeOf } from '../runtimes/find-runtime.ts'
import type { RuntimeName } from '../runtimes/names.ts'
import { UNVERSIONED, versionViolations } from '../versions.ts'

/** What a caller wants registered; texts that were not sent are ''. */
export type NewPlugin = {
  readonly domainId: string
  readonly name: string
  readonly serviceType: string
  readonly image: string
  readonly provider: string
  /** Name of the contract's enum value. */
  readonly registryType: string
  readonly registryConfig: JsonObject
  readonly capability: JsonObject
  readonly template: JsonObject
  readonly labels: readonly JsonValue[]
  readonly tags: JsonObject
  readonly projectId: string
}

const MAX_LABELS = 100
const MAX_VERSIONS = 1_000
const SERVICE_TYPE = 'inventory.Collector'

/** Checks a new plugin and returns its versions. Every complaint comes in one error. */
export function parseVersions(plugin: NewPlugin, allowedRuntimes: readonly RuntimeName[]): readonly string[] {
  const { versions } = plugin.registryConfig
  assertNoViolations([
    ...nameViolations(plugin.name),
    ...serviceTypeViolations(plugin.serviceType),
    ...imageViolations(plugin.image, allowedRuntimes),
    ...tooLong('provider', plugin.provider, 40),
    ...registryViolations(plugin),
    ...versionListViolations(versions),
    ...capabilityViolations(plugin.capability),
    ...labelViolations(plugin.labels),
    ...tooLong('project_id', plugin.projectId, 40),
    ...placeViolations(plugin.image, versions),
  ])
  return Array.isArray(versions) ? versions.filter((version) => typeof version === 'string') : [UNVERSIONED]
}

/** What speaks against a plugin's name. */
export function nameViolations(name: string): GleanerError[] {
  if (name.trim() === '') return [new RequiredParameter('name')]
  return tooLong('name', name, 255)
}

/** What speaks against a capability: the part of it that this server reads must be readable. */
export function capabilityViolations({ supported_schema: schemas }: JsonObject): GleanerError[] {
  if (schemas === undefined || isTexts(schemas)) return []
  return [new InvalidParameter('capability.supported_schema', 'it must be a list of schema names')]
}

/** What speaks against labels. */
export function labelViolations(labels: readonly JsonValue[]): GleanerError[] {
  if (!isTexts(labels)) return [new InvalidParameter('labels', 'every label must be a text')]
  if (labels.length > MAX_LABELS) return [new InvalidParameter('labels', `at most ${MAX_LABELS} are stored`)]
  return labels.flatMap((label, at) => tooLong(`labels.${at}`, label, 255))
}

function serviceTypeViolations(serviceType: string): GleanerError[] {
  if (serviceType === '') return [new RequiredParameter('service_type')]
  if (serviceType === SERVICE_TYPE) return []
  return [new InvalidParameter('service_type', `this server runs ${SERVICE_TYPE} plugins only`)]
}

function registryViolations({ image, registryType, registryConfig }: NewPlugin): GleanerError[] {
  if (runtimeOf(image)?.usesRegistry) return []
  const reason = 'the image is not pulled from a container registry. Leave it out'
  const others = Object.keys(registryConfig).filter((key) => key !== 'versions')
  return [
    ...(registryType === 'NONE_REGISTRY_TYPE' ? [] : [new InvalidParameter('registry_type', reason)]),
    ...others.map((key) => new InvalidParameter(`registry_config.${key}`, reason)),
  ]
}

function versionListViolations(versions: JsonValue | undefined): GleanerError[] {
  const key = 'registry_config.versions'
  if (versions === undefined) return []
  if (!isTexts(versions) || versions.length === 0) {
    return [new InvalidParameter(key, 'it must be a list of at least one version')]
  }
  if (versions.length > MAX_VERSIONS) return [new InvalidParameter(key, `at most ${MAX_VERSIONS} are stored`)]
  return versions.flatMap((version, at) => versionViolations(`${key}.${at}`, version))
}

function placeViolations(image: string, versions: JsonValue | undefined): GleanerError[] {
  if (versions !== undefined || !image.includes(VERSION_PLACE)) return []
  const reason = `the image needs a version in place of ${VERSION_PLACE}, so name the versions there are`
  return [new InvalidParameter('registry_config.versions', reason)]
}

function isTexts(value: JsonValue | readonly JsonValue[]): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function tooLong(key: string, value: string, max: number): GleanerError[] {
  if (value.length <= max) return []
  return [new InvalidParameter(key, `it is ${value.length} characters long, at most ${max} are stored`)]
}
