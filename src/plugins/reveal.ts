import type { JsonObject } from '@bufbuild/protobuf'
import type { SecretData } from '../core/secret-data.ts'

/**
 * Opens credentials as the JSON object they were stored as; what JSON cannot hold is refused when the request
 * is encoded.
 */
export function revealAsJson(secretData: SecretData): JsonObject {
  return secretData.reveal() as JsonObject
}
