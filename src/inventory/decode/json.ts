import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

export type { JsonObject, JsonValue }

/**
 * Sets a key that came from outside. A key `__proto__` becomes an ordinary property in place of a new
 * prototype.
 */
export function setKey(target: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    target[key] = value
  }
}

/** Whether a value is an object, not a list and not null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
