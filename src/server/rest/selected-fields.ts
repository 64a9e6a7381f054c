import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf'

/** Request fields by which a caller asks for a part of each resource. */
const SELECTORS = ['only', 'query.only', 'query.minimal'] as const

export function selectsFields(has: (path: string) => boolean): boolean {
  return SELECTORS.some((path) => has(path))
}

/**
 * Takes out of an answer what its verb did not put in, at any depth: the JSON writer has added defaults, and
 * a field that was not asked for must be absent, not look empty. `init` is what the verb returned.
 */
export function dropUnselected(desc: DescMessage, json: JsonObject, init: object): JsonObject {
  const kept: JsonObject = {}
  for (const field of desc.fields) {
    const value = json[field.name]
    const source = sourceOf(field, init)
    if (value === undefined || source === undefined) continue
    kept[field.name] = field.message ? dropBelow(field.message, value, source) : value
  }
  return kept
}

// A choice stands in its message under the name of the choice, as a pair of name and value.
function sourceOf({ localName, oneof }: DescField, init: object): unknown {
  if (oneof === undefined) return Reflect.get(init, localName)
  const chosen: unknown = Reflect.get(init, oneof.localName)
  const isChosen = typeof chosen === 'object' && chosen !== null && Reflect.get(chosen, 'case') === localName
  return isChosen ? Reflect.get(chosen, 'value') : undefined
}

function dropBelow(desc: DescMessage, json: JsonValue, init: unknown): JsonValue {
  if (isWellKnown(desc) || typeof init !== 'object' || init === null) return json
  if (!Array.isArray(json)) return isJsonObject(json) ? dropUnselected(desc, json, init) : json
  return json.map((each, at) => dropBelow(desc, each, Reflect.get(init, at)))
}

// A Struct is the caller's own document: nothing was added to it.
function isWellKnown(desc: DescMessage): boolean {
  return desc.typeName.startsWith('google.protobuf.')
}

function isJsonObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
