import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'

/** Clients send back what they read; anything else would be a wish that the server cannot grant. */
export function metadataViolations(sent: JsonObject, known: readonly JsonObject[]): GleanerError[] {
  if (Object.keys(sent).length === 0 || known.some((metadata) => isDeepStrictEqual(sent, metadata))) return []
  const reason = 'the plugin itself says what its metadata is, and says something else. Leave it out'
  return [new InvalidParameter('plugin_info.metadata', reason)]
}
