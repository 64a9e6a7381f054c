import { isJsonObject, type JsonObject, type JsonValue, setKey } from './decode/index.ts'
import { emptyDocument, type FoldRule, type ResourceDocument, type ResourceKind } from './kinds.ts'

/** What one contributor says, and how much its word counts. */
export type Layer = {
  readonly document: ResourceDocument
  /** 0–99; the lower number wins. */
  readonly priority: number
  /** Order in which the collectors were created: the earlier wins a tie, so that nothing flaps. */
  readonly seniority: number
  /**
   * Breaks the tie between secrets of one collector, and between retired ones: the earlier contributor wins.
   */
  readonly contributorId: number
}

/**
 * What was written by hand: only the columns somebody has given a value, empty values included. It lies on
 * top of every collector's layer.
 */
export type ManualLayer = ResourceDocument

/** Merges what several contributors say about one resource into the document that readers see. Pure. */
export function foldLayers(
  kind: ResourceKind,
  layers: readonly Layer[],
  byHand?: ManualLayer,
): ResourceDocument {
  if (byHand === undefined) return foldCollected(kind, layers)
  return overlay(kind, byHand, layers.length === 0 ? emptyDocument(kind) : foldCollected(kind, layers))
}

function foldCollected(kind: ResourceKind, layers: readonly Layer[]): ResourceDocument {
  const [strongest, ...weaker] = [...layers].sort(
    (a, b) => a.priority - b.priority || a.seniority - b.seniority || a.contributorId - b.contributorId,
  )
  if (strongest === undefined) throw new RangeError('a document needs at least one layer')
  if (weaker.length === 0) return strongest.document

  const folded: Record<string, JsonValue> = {}
  for (const column of kind.columns) {
    let value = strongest.document[column.name] ?? null
    for (const layer of weaker) value = FOLDS[column.fold](value, layer.document[column.name] ?? null)
    folded[column.name] = value
  }
  return folded
}

// Unlike a collector's empty value, which only says that it knows nothing, one that was written by hand is an
// answer.
function overlay(kind: ResourceKind, byHand: ManualLayer, collected: ResourceDocument): ResourceDocument {
  const shown: Record<string, JsonValue> = { ...collected }
  for (const { name, fold } of kind.columns) {
    const value = Object.hasOwn(byHand, name) ? byHand[name] : undefined
    if (value === undefined) continue
    shown[name] = fold === 'whole' ? value : FOLDS[fold](value, collected[name] ?? null)
  }
  return shown
}

const FOLDS: Readonly<Record<FoldRule, (strong: JsonValue, weak: JsonValue) => JsonValue>> = {
  whole: (strong, weak) => (isEmpty(strong) ? weak : strong),
  provider: (strong, weak) => (isJsonObject(strong) && isJsonObject(weak) ? { ...weak, ...strong } : strong),
  leaf: mergeLeaves,
}

/** Merges leaf path by leaf path, a list being one leaf; the first one wins where both have a value. */
export function mergeLeaves(strong: JsonValue, weak: JsonValue): JsonValue {
  if (!isJsonObject(strong) || !isJsonObject(weak)) return strong
  const merged: JsonObject = { ...weak }
  for (const [key, value] of Object.entries(strong)) {
    const below = Object.hasOwn(weak, key) ? weak[key] : undefined
    setKey(merged, key, below === undefined ? value : mergeLeaves(value, below))
  }
  return merged
}

/** Whether a value says nothing: a weaker contributor may fill it in. */
export function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '' || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}
