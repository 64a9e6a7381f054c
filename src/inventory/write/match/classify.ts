import type { JsonObject } from '@bufbuild/protobuf'
import type { ResourceKind } from '../../kinds.ts'
import type { PackedResource } from '../../packed-document.ts'
import type { TaskError } from '../../task-error.ts'
import type { Contribution } from '../store/contributions.ts'
import { findMatchKey, readMatchValue } from './match-key.ts'
import type { Match } from './match-resources.ts'

/** CREATE only adds, UPDATE only changes, ALL does both. What comes back after it was deleted is added. */
export type CollectMode = 'ALL' | 'CREATE' | 'UPDATE'

/** What is to be done with one resource of a batch. */
export type Decision =
  | { readonly act: 'create' }
  /**
   * The target is there; `own` is missing where this contributor speaks of it for the first time, and `rule`
   * then names the paths by which it was found, unless it was DELETED.
   */
  | {
      readonly act: 'change'
      readonly targetId: string
      readonly own: Contribution | undefined
      readonly rule?: readonly string[]
    }
  | { readonly act: 'keep'; readonly own: Contribution }
  /** Left alone: the mode forbids it, or it came a second time. Seen, where it has a slot. */
  | { readonly act: 'skip'; readonly own: Contribution | undefined }
  | { readonly act: 'refuse'; readonly error: TaskError }

type ClassifyInput = {
  readonly kind: ResourceKind
  readonly mode: CollectMode
  readonly contributorId: number
  readonly resources: readonly PackedResource[]
  readonly matches: readonly Match[]
  readonly contributions: ReadonlyMap<string, readonly Contribution[]>
  /** Whether a message before that of this resource (its place in `resources`) has shown a slot. */
  readonly isSeen: (slot: number, at: number) => boolean
  /** By place in `resources`: the stored resource that has its natural key, where that was looked up. */
  readonly keyHolders: readonly (string | undefined)[]
}

/** Decides for each resource of one kind in a batch. Pure. */
export function classifyResources(input: ClassifyInput): readonly Decision[] {
  const first = new Map<string, PackedResource>()
  return input.resources.map((resource, at) => {
    const match = input.matches[at] ?? { found: 'none' }
    if (match.found === 'refused') return { act: 'refuse', error: match.error }
    const identities = match.found === 'none' ? identitiesOf(input.kind, resource) : [match.targetId]
    const twin = identities.map((identity) => first.get(identity)).find((known) => known !== undefined)
    if (twin !== undefined) return decideTwin(input.kind, resource, twin)
    for (const identity of identities) first.set(identity, resource)
    return decide(input, at, match)
  })
}

function decide(input: ClassifyInput, at: number, match: Exclude<Match, { found: 'refused' }>): Decision {
  const resource = input.resources[at]
  if (resource === undefined) throw new RangeError(`there is no resource ${at} in the batch`)
  if (match.found === 'one') return decideKnown(input, resource, { ...match, at })
  if (input.mode === 'UPDATE' || resource.updateOnly) return { act: 'skip', own: undefined }
  const keyHolder = input.keyHolders[at]
  if (keyHolder !== undefined) return { act: 'refuse', error: keyTakenError(input.kind, resource, keyHolder) }
  if (match.found === 'none') return { act: 'create' }
  return { act: 'change', targetId: match.targetId, own: findOwn(input, match.targetId) }
}

function decideKnown(
  input: ClassifyInput,
  resource: PackedResource,
  {
    at,
    targetId,
    rule,
  }: { readonly at: number; readonly targetId: string; readonly rule: readonly string[] },
): Decision {
  const own = findOwn(input, targetId)
  if (own === undefined)
    return input.mode === 'CREATE' ? { act: 'skip', own } : { act: 'change', targetId, own, rule }
  if (own.contentHash === resource.contentHash) return { act: 'keep', own }
  if (input.isSeen(own.slot, at)) return refuseTwin(input.kind, resource, `'${targetId}'`)
  return input.mode === 'CREATE' ? { act: 'skip', own } : { act: 'change', targetId, own }
}

function findOwn(input: ClassifyInput, targetId: string): Contribution | undefined {
  return input.contributions.get(targetId)?.find(({ contributorId }) => contributorId === input.contributorId)
}

// The first of two wins, so that a run does not depend on where its batches end. Only cloud services are told
// on: plugins repeat types and regions as they go.
function decideTwin(kind: ResourceKind, resource: PackedResource, twin: PackedResource): Decision {
  return twin.contentHash === resource.contentHash
    ? { act: 'skip', own: undefined }
    : refuseTwin(kind, resource, `'${nameOf(twin)}'${titleOf(twin)}`)
}

function refuseTwin(kind: ResourceKind, resource: PackedResource, first: string): Decision {
  return kind.hasHistory
    ? { act: 'refuse', error: duplicateError(kind, resource, first) }
    : { act: 'skip', own: undefined }
}

/**
 * Two new resources of a batch are one when they have the same natural key, or the same values under the same
 * rule: in two batches, the rule of the second would find the first.
 */
function identitiesOf(kind: ResourceKind, resource: PackedResource): readonly string[] {
  const { columns, matchRules } = resource
  const byRule = matchRules.map((paths) =>
    JSON.stringify([paths, paths.map((path) => valueAt(kind, resource, path))]),
  )
  if (columns[kind.naturalKey[0] ?? ''] === '') return byRule
  return [JSON.stringify(kind.naturalKey.map((column) => columns[column] ?? '')), ...byRule]
}

function valueAt(kind: ResourceKind, resource: PackedResource, path: string): string | undefined {
  const key = findMatchKey(kind, path)
  return key === undefined ? undefined : readMatchValue(resource, key)
}

function keyTakenError(kind: ResourceKind, resource: PackedResource, holder: string): TaskError {
  const { error_code, additional } = duplicateError(kind, resource, holder)
  return {
    error_code,
    message:
      `${kind.name} '${nameOf(resource)}' was refused: its match rule finds nothing, but '${holder}' has the same ` +
      `${kind.naturalKey.join(', ')}. Neither was changed; the plugin must match by fields that do not change`,
    additional: { ...additional, resource_ids: [holder] },
  }
}

function duplicateError(
  kind: ResourceKind,
  resource: PackedResource,
  first: string,
): TaskError & { readonly additional: JsonObject } {
  const { columns } = resource
  return {
    error_code: 'ERROR_DUPLICATE_RESOURCE',
    message:
      `${kind.name} '${nameOf(resource)}'${titleOf(resource)} is by its match rules the same as ${first}, which came earlier in this run ` +
      'with different content. The first one was stored, this one was not; the plugin must give different resources different keys',
    additional: {
      resource_id: String(columns.resource_id ?? ''),
      provider: String(columns.provider ?? ''),
      cloud_service_group: String(columns.cloud_service_group ?? ''),
      cloud_service_type: String(columns.cloud_service_type ?? ''),
    },
  }
}

function nameOf({ columns }: PackedResource): string {
  return String(columns.resource_id || columns.name)
}

/** Two with one id are told apart by their names. */
function titleOf({ columns: { name, resource_id } }: PackedResource): string {
  return name && resource_id ? ` (${String(name)})` : ''
}
