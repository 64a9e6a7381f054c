import { expect } from 'vitest'
import {
  normalizeResource,
  type RejectedResource,
  type ResourceInfo,
} from '../../../../src/inventory/decode/index.ts'

/** Normalizes a message that has to be refused, and answers how it was. */
export function expectRejected(info: ResourceInfo): RejectedResource {
  const normalized = normalizeResource(info)
  return normalized.kind === 'rejected' ? normalized : expect.fail(`it is a ${normalized.kind}`)
}
