import { type JsonObject, type JsonValue, setOwn } from '../json.ts'
import type { JsonSchema, ObjectSchema } from './json-schema.ts'

export type ReadResult = { readonly value: JsonObject; readonly problems: readonly string[] }

/**
 * Checks a value against a schema and fills in defaults. All problems come back at once, each led by the path
 * of what is wrong. They name keys and types and never a value, because the value may be a credential.
 */
export function readObject(schema: ObjectSchema, value: JsonValue, path: string): ReadResult {
  const problems: string[] = []
  const read = readValue(schema, value, path, problems)
  return { value: isObject(read) ? read : {}, problems }
}

/** The same check for one value of any type; problems are added to the list. */
export function readValue(schema: JsonSchema, value: JsonValue, path: string, problems: string[]): JsonValue {
  if (!isOfType(schema.type, value)) {
    problems.push(`${path} must be ${nameOf(schema.type)}, but is ${nameOf(typeOf(value))}`)
    return value
  }
  if (schema.enum && !schema.enum.some((allowed) => allowed === value)) {
    problems.push(
      `${path} must be one of ${schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`,
    )
  }
  if (typeof value === 'number') checkRange(schema, value, path, problems)
  if (Array.isArray(value)) return readItems(schema, value, path, problems)
  if (isObject(value)) return readProperties(schema, value, path, problems)
  return value
}

function checkRange(schema: JsonSchema, value: number, path: string, problems: string[]): void {
  if (schema.minimum !== undefined && value < schema.minimum) {
    problems.push(`${path} must be at least ${schema.minimum}`)
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    problems.push(`${path} must be at most ${schema.maximum}`)
  }
}

function readItems(schema: JsonSchema, items: JsonValue[], path: string, problems: string[]): JsonValue {
  const { items: itemSchema } = schema
  if (!itemSchema) return items
  return items.map((item, index) => readValue(itemSchema, item, `${path}[${index}]`, problems))
}

/** Null counts as absent: clients that cannot leave a key out send null for it. */
function readProperties(schema: JsonSchema, value: JsonObject, path: string, problems: string[]): JsonValue {
  const properties = schema.properties ?? {}
  const read: JsonObject = {}
  for (const [key, child] of Object.entries(properties)) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined
    if (given !== undefined && given !== null) {
      setOwn(read, key, readValue(child, given, `${path}.${key}`, problems))
    } else if (child.default !== undefined) {
      setOwn(read, key, copyOf(child.default))
    } else if (schema.required?.includes(key)) {
      problems.push(`${path}.${key} is required`)
    }
  }
  for (const [key, given] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) continue
    if (schema.additionalProperties === false) problems.push(unknownKey(path, key, Object.keys(properties)))
    else setOwn(read, key, given)
  }
  return read
}

function unknownKey(path: string, key: string, known: readonly string[]): string {
  const hint = known.length > 0 ? `known are ${known.join(', ')}` : 'there are none'
  return `${path}.${key} is unknown (${hint})`
}

function isOfType(type: JsonSchema['type'], value: JsonValue): boolean {
  if (type === 'integer') return Number.isInteger(value)
  return type === typeOf(value)
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function nameOf(type: string): string {
  if (type === 'null') return type
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A default is shared by all calls, so each gets a copy. It was checked to be JSON when the plugin was
 * declared.
 */
function copyOf(declared: unknown): JsonValue {
  return structuredClone(declared) as JsonValue
}
