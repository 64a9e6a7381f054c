import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { isEmpty, type ManualLayer, mergeLeaves } from '../fold.ts'
import type { FoldRule, ResourceDocument, ResourceKind } from '../kinds.ts'

/**
 * The layer of a resource as a whole: what has a value. An empty field of a new resource is no answer. Pure.
 */
export function layerOf(kind: ResourceKind, document: ResourceDocument): ManualLayer {
  const filled = kind.columns.flatMap(({ name }) => {
    const value = document[name] ?? null
    return isEmpty(value) ? [] : [[name, value] as const]
  })
  return Object.fromEntries(filled)
}

/** Lays an update over what was written by hand before. Pure. */
export function patchLayer(kind: ResourceKind, layer: ManualLayer, patch: ManualLayer): ManualLayer {
  const patched: Record<string, JsonValue> = { ...layer }
  for (const { name, fold } of kind.columns) {
    const given = patch[name]
    if (given === undefined) continue
    const value = PATCHES[fold](given, layer[name] ?? {})
    if (value === undefined) delete patched[name]
    else patched[name] = value
  }
  return patched
}

// Undefined takes the column out of the layer: what was collected shows again.
const PATCHES: Readonly<Record<FoldRule, (given: JsonValue, before: JsonValue) => JsonValue | undefined>> = {
  whole: (given) => given,
  provider: replaceProviders,
  leaf: (given, before) => (isEmpty(given) ? undefined : mergeLeaves(given, before)),
}

function replaceProviders(given: JsonValue, before: JsonValue): JsonValue | undefined {
  const kept = { ...asObject(before), ...asObject(given) }
  const filled = Object.entries(kept).filter(([, value]) => !isEmpty(value))
  return filled.length === 0 ? undefined : Object.fromEntries(filled)
}

function asObject(value: JsonValue): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
