import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { FoldRule, ResourceDocument, ResourceKind } from './kinds.ts'

/** What one contributor says, and how much its word counts. */
export type Layer = {
  readonly document: ResourceDocument
  /** 0–99; the lower number wins. */
  readonly priority: number
  /** Order in which the collectors were created: the earlier wins a tie, so that nothing flaps. */
  readonly seniority: number
}

/** Merges what several contributors say about one resource into the document that readers see. Pure. */
export function foldLayers(kind: ResourceKind, layers: readonly Layer[]): ResourceDocument {
  const [strongest, ...weaker] = [...layers].sort(
    (a, b) => a.priority - b.priority || a.seniority - b.seniority,
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

const FOLDS: Readonly<Record<FoldRule, (strong: JsonValue, weak: JsonValue) => JsonValue>> = {
  whole: (strong, weak) => (isEmpty(strong) ? weak : strong),
  provider: (strong, weak) => (isObject(strong) && isObject(weak) ? { ...weak, ...strong } : strong),
  leaf: mergeLeaves,
}

function mergeLeaves(strong: JsonValue, weak: JsonValue): JsonValue {
  if (!isObject(strong) || !isObject(weak)) return strong
  const merged: JsonObject = { ...weak }
  for (const [key, value] of Object.entries(strong)) {
    const below = Object.hasOwn(weak, key) ? weak[key] : undefined
    setOwn(merged, key, below === undefined ? value : mergeLeaves(value, below))
  }
  return merged
}

// A collected key may be called __proto__, which assignment would not store.
function setOwn(target: JsonObject, key: string, value: JsonValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// What counts as "says nothing": a weaker contributor may fill it in.
function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '' || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}
