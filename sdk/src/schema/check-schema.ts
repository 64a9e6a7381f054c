import type { JsonValue } from '../json.ts'
import type { JsonSchema } from './json-schema.ts'
import { readValue } from './read-value.ts'

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object']
const KEYWORDS = [
  'type',
  'title',
  'description',
  'enum',
  'default',
  'minimum',
  'maximum',
  'items',
  'properties',
  'required',
  'additionalProperties',
]

/**
 * What is wrong with a declared schema. A keyword that the reader does not know is a problem and not ignored:
 * an author who writes `pattern` would believe that it is checked.
 */
export function checkSchema(schema: unknown, path: string): readonly string[] {
  if (!isRecord(schema)) return [`${path} must be a schema object`]
  const problems = Object.keys(schema)
    .filter((keyword) => !KEYWORDS.includes(keyword))
    .map((keyword) => `${path}.${keyword} is not a supported keyword (supported are ${KEYWORDS.join(', ')})`)
  if (typeof schema.type !== 'string' || !TYPES.includes(schema.type)) {
    return [...problems, `${path}.type must be one of ${TYPES.join(', ')}`]
  }
  problems.push(
    ...checkProperties(schema, path),
    ...checkRequired(schema, path),
    ...checkKeywords(schema, path),
  )
  if (schema.items !== undefined) problems.push(...checkSchema(schema.items, `${path}.items`))
  if (problems.length === 0 && schema.default !== undefined) problems.push(...checkDefault(schema, path))
  return problems
}

function checkProperties(schema: Record<string, unknown>, path: string): readonly string[] {
  if (schema.properties === undefined) return []
  if (!isRecord(schema.properties)) return [`${path}.properties must be an object of schemas`]
  return Object.entries(schema.properties).flatMap(([key, child]) =>
    checkSchema(child, `${path}.properties.${key}`),
  )
}

function checkRequired(schema: Record<string, unknown>, path: string): readonly string[] {
  if (schema.required === undefined) return []
  if (!Array.isArray(schema.required)) return [`${path}.required must be a list of property names`]
  const properties = isRecord(schema.properties) ? schema.properties : {}
  return schema.required
    .filter((key) => typeof key !== 'string' || !Object.hasOwn(properties, key))
    .map((key) => `${path}.required names '${String(key)}', which is not among the properties`)
}

function checkKeywords(schema: Record<string, unknown>, path: string): readonly string[] {
  const problems: string[] = []
  for (const bound of ['minimum', 'maximum']) {
    if (schema[bound] !== undefined && typeof schema[bound] !== 'number') {
      problems.push(`${path}.${bound} must be a number`)
    }
  }
  if (schema.enum !== undefined && !(Array.isArray(schema.enum) && schema.enum.length > 0)) {
    problems.push(`${path}.enum must be a list of values that is not empty`)
  }
  const { additionalProperties: open } = schema
  if (open !== undefined && typeof open !== 'boolean') {
    problems.push(`${path}.additionalProperties must be true or false`)
  }
  return problems
}

function checkDefault(schema: Record<string, unknown>, path: string): readonly string[] {
  const problems: string[] = []
  readValue(asChecked(schema), asJson(schema.default), `${path}.default`, problems)
  return problems
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Claims what the checks above have just established. */
function asChecked(schema: Record<string, unknown>): JsonSchema {
  return schema as unknown as JsonSchema
}

/** Claims that a default is JSON; a value that is not fails the check of its type. */
function asJson(value: unknown): JsonValue {
  return value as JsonValue
}
