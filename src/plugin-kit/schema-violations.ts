import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/**
 * What in a value is not as a JSON Schema says, of the keywords that plugins of the SDK may declare. Each
 * begins with its path.
 */
export function schemaViolations(schema: JsonObject, value: JsonValue, path: string): readonly string[] {
  const { enum: allowed, items, type } = schema
  if (typeof type === 'string' && !isOfType(type, value)) return [`${path} is no ${type}`]
  if (Array.isArray(allowed) && !allowed.some((each) => each === value))
    return [`${path} is none of ${allowed.join(', ')}`]
  if (typeof value === 'number') return rangeViolations(schema, value, path)
  if (Array.isArray(value) && isObject(items))
    return value.flatMap((item, index) => schemaViolations(items, item, `${path}[${index}]`))
  return isObject(value) ? propertyViolations(schema, value, path) : []
}

function rangeViolations({ maximum, minimum }: JsonObject, value: number, path: string): readonly string[] {
  if (typeof minimum === 'number' && value < minimum) return [`${path} is below ${minimum}`]
  if (typeof maximum === 'number' && value > maximum) return [`${path} is above ${maximum}`]
  return []
}

function propertyViolations(schema: JsonObject, value: JsonObject, path: string): readonly string[] {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  const missing = required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => `${path}.${key} is missing`)
  const wrong = Object.entries(value).flatMap(([key, child]) => {
    const declared = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (isObject(declared)) return schemaViolations(declared, child, `${path}.${key}`)
    return schema.additionalProperties === false ? [`${path}.${key} is not declared`] : []
  })
  return [...missing, ...wrong]
}

function isOfType(type: string, value: JsonValue): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'null' ? value === null : typeof value === type
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
