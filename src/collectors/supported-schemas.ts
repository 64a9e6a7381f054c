import type { JsonObject } from '@bufbuild/protobuf'

/**
 * Which schemas of secrets a plugin takes, from `capability.supported_schema` of its record; none: it needs
 * no secret.
 */
export function supportedSchemas(capability: JsonObject): readonly string[] {
  const { supported_schema: schemas } = capability
  return Array.isArray(schemas) ? schemas.filter((schema) => typeof schema === 'string') : []
}
