import type { JsonObject, JsonValue } from './json.ts'

/** What lies at a dotted path of objects; undefined where it leads to nothing. */
export function atPath(value: JsonValue | undefined, path: string): JsonValue | undefined {
  let at = value
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, step))
      return undefined
    at = at[step]
  }
  return at
}

/** The text there; undefined where it is none, or empty. Numbers count as texts. */
export function textAt(value: JsonObject, path: string): string | undefined {
  const found = atPath(value, path)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The list there; empty where it is none. */
export function listAt(value: JsonValue, path: string): readonly JsonValue[] {
  const found = atPath(value, path)
  return Array.isArray(found) ? found : []
}
