import type { JsonObject } from '@bufbuild/protobuf'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, RequiredParameter } from '../core/errors.ts'

/** What speaks against the data of a secret. None of it shows in the answer. */
export function dataViolations(data: JsonObject | undefined): GleanerError[] {
  if (data === undefined || Object.keys(data).length === 0) return [new RequiredParameter('data')]
  return documentViolations('data', data)
}
