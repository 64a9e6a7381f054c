import type { DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf'

/** The way to a field that holds an id, `['plugin_info', 'secret_id']`. */
export type FieldPath = readonly string[]

/**
 * What names nothing that this server stores: texts of other systems, and fields that are refused when they
 * are set.
 */
const NAMELESS = new Set([
  'data_source_id',
  'project_group_id',
  'repository_id',
  'resource_group_id',
  'resource_id',
  'role_id',
  'trusted_secret_id',
  'trusted_service_account_id',
  'user_id',
])

/**
 * Every field of a request whose name says that it holds an id, the domain aside, also in messages inside it.
 */
export function idFieldsOf(desc: DescMessage): readonly FieldPath[] {
  return desc.fields.flatMap((field): FieldPath[] => {
    if (field.fieldKind === 'message' && !field.message.typeName.startsWith('google.'))
      return idFieldsOf(field.message).map((inner) => [field.name, ...inner])
    const isId = field.fieldKind === 'scalar' && field.name.endsWith('_id') && field.name !== 'domain_id'
    return isId && !NAMELESS.has(field.name) ? [[field.name]] : []
  })
}

export function valueAt(request: JsonObject, [name = '', ...rest]: FieldPath): string {
  const value = request[name]
  if (rest.length > 0) return isObject(value) ? valueAt(value, rest) : ''
  return typeof value === 'string' ? value : ''
}

export function withValueAt(request: JsonObject, [name = '', ...rest]: FieldPath, value: string): JsonObject {
  const inner = request[name]
  return {
    ...request,
    [name]: rest.length === 0 ? value : withValueAt(isObject(inner) ? inner : {}, rest, value),
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
