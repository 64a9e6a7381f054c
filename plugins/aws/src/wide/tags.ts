import type { JsonObject, JsonValue } from '@gleaner/sdk'

/** Names under which services list the two halves of a tag. */
const HALVES = [
  ['Key', 'Value'],
  ['key', 'value'],
  ['TagKey', 'TagValue'],
] as const

/**
 * Tags in one shape: services write lists of pairs under several names, or an object. What is none of them is
 * no tag.
 */
export function tagsFrom(value: JsonValue | undefined): Readonly<Record<string, string>> {
  const pairs = Array.isArray(value) ? value.flatMap(pairOf) : isObject(value) ? Object.entries(value) : []
  const texts = pairs.flatMap(([key, text]) => (isPlain(text) ? [[key, String(text)] as const] : []))
  return Object.fromEntries(texts)
}

function pairOf(tag: JsonValue): readonly (readonly [string, JsonValue])[] {
  if (!isObject(tag)) return []
  const [key, value] = HALVES.find(([name]) => typeof tag[name] === 'string') ?? []
  if (key === undefined) return []
  return [[String(tag[key]), tag[value ?? ''] ?? '']]
}

function isPlain(value: JsonValue): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
