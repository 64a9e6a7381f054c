import type { EvaluatedResource } from '../evaluate.ts'
import type { ResourceKind } from '../kinds.ts'
import type { TaskError } from '../task-error.ts'
import type { Contribution } from './contributions.ts'
import { readMatchValue } from './match-key.ts'
import type { Match } from './match-resources.ts'

/** CREATE only adds, UPDATE only changes, ALL does both. What comes back after it was deleted is added. */
export type CollectMode = 'ALL' | 'CREATE' | 'UPDATE'

/** What is to be done with one resource of a batch. */
export type Decision =
  | { readonly act: 'create' }
  /** The target is there; `own` is missing where this contributor speaks of it for the first time. */
  | { readonly act: 'change'; readonly targetId: string; readonly own: Contribution | undefined }
  | { readonly act: 'keep'; readonly own: Contribution }
  /** Left alone: the mode forbids it, or it came a second time. Seen, where it has a slot. */
  | { readonly act: 'skip'; readonly own: Contribution | undefined }
  | { readonly act: 'refuse'; readonly error: TaskError }

export type ClassifyInput = {
  readonly kind: ResourceKind
  readonly mode: CollectMode
  readonly contributorId: number
  readonly resources: readonly EvaluatedResource[]
  readonly matches: readonly Match[]
  readonly contributions: ReadonlyMap<string, readonly Contribution[]>
  /** Whether this attempt has seen a slot in an earlier batch. */
  readonly isSeen: (slot: number) => boolean
}

/** Decides for each resource of one kind in a batch. Pure. */
export function classifyResources(input: ClassifyInput): readonly Decision[] {
  const first = new Map<string, EvaluatedResource>()
  return input.resources.map((resource, at) => {
    const match = input.matches[at] ?? { found: 'none' }
    if (match.found === 'refused') return { act: 'refuse', error: match.error }
    const decision = decide(input, resource, match)
    const identity = match.found === 'none' ? identityOf(input.kind, resource) : match.targetId
    const twin = first.get(identity)
    if (twin === undefined) {
      first.set(identity, resource)
      return decision
    }
    return decideTwin(input.kind, resource, twin.contentHash === resource.contentHash)
  })
}

function decide(
  input: ClassifyInput,
  resource: EvaluatedResource,
  match: Exclude<Match, { found: 'refused' }>,
): Decision {
  if (match.found === 'one') return decideKnown(input, resource, match.targetId)
  if (input.mode === 'UPDATE' || resource.updateOnly) return { act: 'skip', own: undefined }
  if (match.found === 'none') return { act: 'create' }
  return { act: 'change', targetId: match.targetId, own: findOwn(input, match.targetId) }
}

function decideKnown(input: ClassifyInput, resource: EvaluatedResource, targetId: string): Decision {
  const own = findOwn(input, targetId)
  if (own?.contentHash === resource.contentHash) return { act: 'keep', own }
  if (own !== undefined && input.isSeen(own.slot)) return decideTwin(input.kind, resource, false)
  return input.mode === 'CREATE' ? { act: 'skip', own } : { act: 'change', targetId, own }
}

function findOwn(input: ClassifyInput, targetId: string): Contribution | undefined {
  return input.contributions.get(targetId)?.find(({ contributorId }) => contributorId === input.contributorId)
}

// The first of two wins, so that a run does not depend on where its batches end. Only cloud services are told on:
// plugins repeat types and regions as they go.
function decideTwin(kind: ResourceKind, resource: EvaluatedResource, isSame: boolean): Decision {
  return isSame || !kind.hasHistory
    ? { act: 'skip', own: undefined }
    : { act: 'refuse', error: duplicateError(kind, resource) }
}

function identityOf(kind: ResourceKind, { document, matchRules }: EvaluatedResource): string {
  const natural = kind.naturalKey.map((column) => readMatchValue(document, { column, below: [] }))
  // Without a resource_id the natural key guards nothing: the rule's own values tell resources apart.
  const rule = natural[0] === '' ? (matchRules[0] ?? []).map((path) => path.split('.')) : []
  return JSON.stringify([
    natural,
    rule.map(([column = '', ...below]) => readMatchValue(document, { column, below })),
  ])
}

function duplicateError(kind: ResourceKind, { document }: EvaluatedResource): TaskError {
  const name = String(document.resource_id || document.name)
  return {
    error_code: 'ERROR_DUPLICATE_RESOURCE',
    message:
      `${kind.name} '${name}' came twice in one run with different content. ` +
      'The first one was stored, this one was not; the plugin must give different resources different keys',
    additional: {
      resource_id: String(document.resource_id ?? ''),
      provider: String(document.provider ?? ''),
      cloud_service_group: String(document.cloud_service_group ?? ''),
      cloud_service_type: String(document.cloud_service_type ?? ''),
    },
  }
}
