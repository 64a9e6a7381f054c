import {
  type Common,
  DEFAULT_DECODE_LIMITS,
  type FieldReader,
  readCloudService,
  readCloudServiceType,
  readRegion,
  type StoredResource,
} from '../decode/index.ts'
import { evaluateResource } from '../evaluate.ts'
import type { ResourceDocument, ResourceKind } from '../kinds.ts'
import { type Given, readGiven } from './read-given.ts'

/** Understands a resource that is written by hand, in the very way in which a plugin's is understood. */
export function readNew(kind: ResourceKind, given: Given): ResourceDocument {
  const resource = readGiven(given, (fields) => READERS[kind.name](fields))
  return evaluateResource(resource, { projectId: '', priority: 0 }).document
}

// Nobody looks for it by rules: its natural key alone decides whether it is there.
const COMMON: Common = { matchRules: [], updateOnly: false }

const READERS: Readonly<Record<ResourceKind['name'], (fields: FieldReader) => StoredResource>> = {
  cloud_service: (fields) => readCloudService(fields, COMMON, DEFAULT_DECODE_LIMITS),
  cloud_service_type: (fields) => readCloudServiceType(fields, COMMON, DEFAULT_DECODE_LIMITS),
  region: (fields) => readRegion(fields, COMMON),
}
