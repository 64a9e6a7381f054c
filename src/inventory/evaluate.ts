import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { RuleSet } from '../rules/index.ts'
import { canonicalHash, isJsonObject, matchValue, type StoredResource } from './decode/index.ts'
import {
  CLOUD_SERVICE,
  CLOUD_SERVICE_TYPE,
  REGION,
  type ResourceDocument,
  type ResourceKind,
} from './kinds.ts'

/** A resource after everything that decides what is stored: ready to be matched and compared. */
export type EvaluatedResource = {
  readonly kind: ResourceKind
  readonly document: ResourceDocument
  /** Alternatives in order; each a list of API paths that must all be equal. */
  readonly matchRules: readonly (readonly string[])[]
  /** The plugin asked for it: change what is there, create nothing. */
  readonly updateOnly: boolean
  /** The order of the entries of its message means something: it has no loose memo. */
  readonly hasRepeats: boolean
  /**
   * Of the canonical document and the priority of who says it: equal means nothing changed, in whatever order
   * the plugin sent its keys, and that the document is folded as it should be.
   */
  readonly contentHash: string
  /** The collector rule behind a value, by its path in the API; absent where no rule gave anything. */
  readonly ruledBy?: Readonly<Record<string, string>>
}

export type EvaluationInputs = {
  /** 0–99, of the collector. */
  readonly priority: number
  /** Project of resources that name none; '' for none. */
  readonly projectId: string
  readonly pluginId: string
  readonly pluginVersion: string
  /** Rules of the collector; undefined when it has none. */
  readonly rules?: RuleSet | undefined
}

/**
 * Raised when decoding or evaluation gives another document for the same bytes, or memos are made in another
 * way.
 */
const EVALUATION_VERSION = 2

/**
 * Names everything besides the bytes that decides what a message becomes. Memos are keyed by it, so that a
 * changed priority, project, plugin, rule or decoder is applied to unchanged bytes as well.
 */
export function evaluationRevision(inputs: EvaluationInputs): string {
  const { priority, projectId, pluginId, pluginVersion, rules } = inputs
  const ruled = rules === undefined ? [] : [rules.revision]
  const parts = JSON.stringify([EVALUATION_VERSION, priority, projectId, pluginId, pluginVersion, ...ruled])
  return createHash('sha256').update(parts).digest('hex').slice(0, 32)
}

/** Brings a normalized resource into its stored form. Pure. */
export function evaluateResource(
  resource: StoredResource,
  inputs: {
    readonly projectId: string
    readonly priority: number
    readonly rules?: RuleSet | undefined
  },
): EvaluatedResource {
  const { ruled, by } = afterRules(resource, inputs)
  const [kind, document] = toDocument(ruled, inputs.projectId)
  return {
    kind,
    document,
    matchRules: resource.matchRules,
    updateOnly: resource.updateOnly,
    hasRepeats: resource.hasRepeats ?? false,
    contentHash: canonicalHash([kind.code, inputs.priority, document as Record<string, JsonValue>]),
    ...(by !== undefined && { ruledBy: by }),
  }
}

/** The resource as the rules of its collector want it: they are about cloud services alone. */
function afterRules(
  resource: StoredResource,
  { projectId, rules }: { readonly projectId: string; readonly rules?: RuleSet | undefined },
): { readonly ruled: StoredResource; readonly by?: Readonly<Record<string, string>> } {
  if (rules === undefined || resource.kind !== 'cloud_service') return { ruled: resource }
  const given = { ...resource, projectId: resource.projectId ?? projectId }
  const outcome = rules.apply((key) => matchValue(given, key))
  const ruled = {
    ...given,
    ...(outcome.projectId !== undefined && { projectId: outcome.projectId }),
    ...(outcome.additionalInfo !== undefined && { data: withInfo(given.data, outcome.additionalInfo) }),
  }
  return Object.keys(outcome.by).length === 0 ? { ruled } : { ruled, by: outcome.by }
}

function withInfo(data: JsonObject, added: JsonObject): JsonObject {
  const own = Object.hasOwn(data, 'additional_info') ? data.additional_info : undefined
  return { ...data, additional_info: { ...(isJsonObject(own) ? own : {}), ...added } }
}

function toDocument(resource: StoredResource, projectId: string): [ResourceKind, ResourceDocument] {
  switch (resource.kind) {
    case 'cloud_service':
      return [
        CLOUD_SERVICE,
        {
          name: resource.name,
          provider: resource.provider,
          cloud_service_group: resource.cloudServiceGroup,
          cloud_service_type: resource.cloudServiceType,
          account: resource.account,
          region_code: resource.regionCode,
          project_id: resource.projectId ?? projectId,
          instance_type: resource.instanceType,
          instance_size: resource.instanceSize ?? null,
          ip_addresses: [...resource.ipAddresses],
          resource_id: resource.resourceId,
          external_link: resource.externalLink,
          tags: ofProvider(resource.provider, resource.tags),
          metadata: ofProvider(resource.provider, resource.metadata),
          data: resource.data,
        },
      ]
    case 'cloud_service_type':
      return [
        CLOUD_SERVICE_TYPE,
        {
          name: resource.name,
          provider: resource.provider,
          group: resource.group,
          service_code: resource.serviceCode,
          is_primary: resource.isPrimary,
          is_major: resource.isMajor,
          resource_type: resource.resourceType,
          metadata: resource.metadata,
          tags: resource.tags,
          labels: [...resource.labels],
        },
      ]
    case 'region':
      return [
        REGION,
        {
          name: resource.name,
          region_code: resource.regionCode,
          provider: resource.provider,
          tags: resource.tags,
        },
      ]
  }
}

// The API shows tags and metadata by provider, so that contributors of two providers do not overwrite each
// other.
function ofProvider(provider: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [provider]: value }
}
