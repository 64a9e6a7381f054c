import type { ObjectSchema } from './json-schema.ts'

/**
 * Options with an unknown name are refused unless the author says otherwise: a misspelt option that is
 * silently ignored shows up weeks later as resources nobody collected.
 */
export function closeSchema(schema: ObjectSchema): ObjectSchema {
  return { ...schema, additionalProperties: schema.additionalProperties ?? false }
}
