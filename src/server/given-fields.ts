import { type DescMessage, type JsonObject, type Message, toJson } from '@bufbuild/protobuf'

/**
 * The fields that the caller sent, as plain JSON under the contract's names; those left out are absent, also
 * inside a message such as `reference`. For requests that change what is named and leave the rest.
 */
export function givenFields(desc: DescMessage, request: Message, has: (path: string) => boolean): JsonObject {
  const all = asObject(toJson(desc, request, { useProtoFieldName: true, alwaysEmitImplicit: true }))
  return keepGiven(desc, all, '', has)
}

function keepGiven(
  desc: DescMessage,
  all: JsonObject,
  prefix: string,
  has: (path: string) => boolean,
): JsonObject {
  const given: JsonObject = {}
  for (const field of desc.fields) {
    const value = all[field.name]
    const path = `${prefix}${field.name}`
    if (value === undefined || !has(path)) continue
    const inner = field.fieldKind === 'message' && !isJson(field.message) ? field.message : undefined
    given[field.name] = inner === undefined ? value : keepGiven(inner, asObject(value), `${path}.`, has)
  }
  return given
}

// Struct, Value and ListValue are the JSON they hold.
function isJson({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.')
}

// A message that is not well-known is an object in JSON.
function asObject(json: unknown): JsonObject {
  return json as JsonObject
}
