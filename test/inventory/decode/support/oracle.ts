import { fromBinary, type JsonObject } from '@bufbuild/protobuf'
import { ResourceInfoSchema } from '../../../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { type DecodedResourceInfo, decodeResourceInfo } from '../../../../src/inventory/decode/index.ts'

/** ResourceInfo, and then a Struct or ListValue and a Value for each of 100 levels. */
const RECURSION_LIMIT = 201

/** What protobuf-es says of the bytes; undefined when it refuses them. */
export function decodeWithOracle(bytes: Uint8Array): JsonObject | undefined {
  try {
    const info = fromBinary(ResourceInfoSchema, bytes, { recursionLimit: RECURSION_LIMIT })
    const decoded: JsonObject = { state: info.state, message: info.message, resourceType: info.resourceType }
    if (info.matchRules !== undefined) decoded.matchRules = info.matchRules
    if (info.resource !== undefined) decoded.resource = info.resource
    if (info.options !== undefined) decoded.options = info.options
    return decoded
  } catch {
    return undefined
  }
}

export type Comparison = { readonly accepted: boolean; readonly difference: string | undefined }

/** Decodes both ways. Only what JSON and PostgreSQL cannot hold may be refused here and accepted there. */
export function compareWithOracle(bytes: Uint8Array): Comparison {
  const expected = decodeWithOracle(bytes)
  const found = decodeResourceInfo(bytes)
  return { accepted: found.ok, difference: findDifference(bytes, expected, found) }
}

function findDifference(
  bytes: Uint8Array,
  expected: JsonObject | undefined,
  found: DecodedResourceInfo,
): string | undefined {
  if (!found.ok) {
    if (expected === undefined || mayBeStricter(bytes, found.reason)) return undefined
    return `refused as ${found.reason}, but protobuf-es accepts it`
  }
  if (expected === undefined) return 'accepted, but protobuf-es refuses it'
  const info: JsonObject = {}
  for (const name of ['state', 'message', 'resourceType', 'matchRules', 'resource', 'options'] as const) {
    const content = found.info[name]
    if (content !== undefined) info[name] = content
  }
  return findValueDifference(expected, info, '')
}

// A value that a later one replaces is refused too, so only the bytes can tell whether there was one.
function mayBeStricter(bytes: Uint8Array, reason: string): boolean {
  if (reason === 'nul_character') return bytes.includes(0)
  if (reason === 'not_finite')
    return bytes.some((byte, at) => (byte & 0x7f) === 0x7f && (bytes[at - 1] ?? 0) >= 0xf0)
  return false
}

function findValueDifference(expected: unknown, found: unknown, path: string): string | undefined {
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) return `${path}: ${expected.length} items against ${found.length}`
    return firstOf(expected, (item, at) => findValueDifference(item, found[at], `${path}.${at}`))
  }
  if (isPlainObject(expected) && isPlainObject(found)) {
    const keys = Object.keys(expected)
    if (JSON.stringify(keys) !== JSON.stringify(Object.keys(found))) return `${path}: other keys`
    return firstOf(keys, (key) => findValueDifference(expected[key], found[key], `${path}.${key}`))
  }
  if (!Object.is(expected, found)) return `${path}: ${String(expected)} against ${String(found)}`
  if (typeof found === 'number' && !Number.isFinite(found)) return `${path}: not finite`
  return typeof found === 'string' && found.includes('\0') ? `${path}: NUL` : undefined
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, item] of items.entries()) {
    const found = find(item, at)
    if (found !== undefined) return found
  }
  return undefined
}

function isPlainObject(content: unknown): content is Record<string, unknown> {
  return (
    typeof content === 'object' && content !== null && Object.getPrototypeOf(content) === Object.prototype
  )
}
