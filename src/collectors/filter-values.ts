import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/**
 * The filter with these values under a key. A key that has values already keeps those that both have: each
 * condition narrows. Pure.
 */
export function addValues(filter: JsonObject, key: string, value: JsonValue): JsonObject {
  const known = Object.hasOwn(filter, key) ? filter[key] : undefined
  if (known === undefined) return { ...filter, [key]: value }
  const wanted = new Set(listOf(value).map((one) => JSON.stringify(one)))
  return { ...filter, [key]: listOf(known).filter((one) => wanted.has(JSON.stringify(one))) }
}

function listOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value]
}
