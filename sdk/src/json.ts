/** A value of JSON, as requests carry it and as documents are made of. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject

/** An object of JSON: what options, secrets and filters are before a schema gives them a type. */
export type JsonObject = { [key: string]: JsonValue }

/**
 * Sets an own property, also when it is called `__proto__`, where a plain assignment would change the
 * prototype.
 */
export function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}
