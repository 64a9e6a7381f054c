import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { documentViolations } from '../../core/document-violations.ts'
import { type GleanerError, InvalidParameter, RequiredParameter } from '../../core/errors.ts'
import { nameViolations, tooLong } from '../../core/field-violations.ts'
import { type AllowedImages, imageViolations, VERSION_PLACE } from '../image.ts'
import { runtimeOf } from '../runtimes/find-runtime.ts'
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

/** What speaks against a new plugin, whether or not its project is there. */
export function pluginViolations(plugin: NewPlugin, allowed: AllowedImages): GleanerError[] {
  const { versions } = plugin.registryConfig
  return [
    ...nameViolations(plugin.name),
    ...serviceTypeViolations(plugin.serviceType),
    ...imageViolations(plugin.image, allowed),
    ...tooLong('provider', plugin.provider, 40),
    ...registryViolations(plugin),
    ...versionListViolations(versions),
    ...capabilityViolations(plugin.capability),
    ...labelViolations(plugin.labels),
    ...tooLong('project_id', plugin.projectId, 40),
    ...placeViolations(plugin.image, versions),
    ...textViolations(plugin),
  ]
}

/** The versions that a checked plugin is registered with. */
export function versionsOf({ registryConfig: { versions } }: NewPlugin): readonly string[] {
  return Array.isArray(versions) ? versions.filter((version) => typeof version === 'string') : [UNVERSIONED]
}

/** What speaks against a capability: the part of it that this server reads must be readable. */
export function capabilityViolations(capability: JsonObject): GleanerError[] {
  const { supported_schema: schemas } = capability
  if (schemas === undefined || isTexts(schemas)) return documentViolations('capability', capability)
  return [new InvalidParameter('capability.supported_schema', 'it must be a list of schema names')]
}

/** What speaks against the documents in which people write about a plugin. */
export function textViolations({
  template,
  tags,
}: Partial<Pick<NewPlugin, 'template' | 'tags'>>): GleanerError[] {
  return [...documentViolations('template', template ?? {}), ...documentViolations('tags', tags ?? {})]
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
  if (versions !== undefined || !image.includes(VERSION_PLACE) || runtimeOf(image)?.listVersions) return []
  const reason = `the image needs a version in place of ${VERSION_PLACE}, so name the versions there are`
  return [new InvalidParameter('registry_config.versions', reason)]
}

function isTexts(value: JsonValue | readonly JsonValue[]): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
