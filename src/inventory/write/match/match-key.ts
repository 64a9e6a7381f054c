import type { JsonValue } from '@bufbuild/protobuf'
import { KINDS, type ResourceKind } from '../../kinds.ts'
import { type PackedResource, unpackDocument } from '../../packed-document.ts'

/**
 * A path of a match rule, resolved against its kind: a column, and the way into the column's JSON if it has
 * one.
 */
export type MatchKey = { readonly column: string; readonly below: readonly string[] }

/** Paths whose keys are remembered for each kind: plugins use a handful. */
const MAX_KNOWN = 1_000
const known = new Map(KINDS.map((kind) => [kind.name, new Map<string, MatchKey | undefined>()]))

/**
 * Resolves an API path (`reference.resource_id`, `data.vpc.id`); undefined when resources cannot be matched
 * on it.
 */
export function findMatchKey(kind: ResourceKind, path: string): MatchKey | undefined {
  const keys = known.get(kind.name)
  if (keys?.has(path)) return keys.get(path)
  const key = resolve(kind, path)
  if (keys !== undefined && keys.size < MAX_KNOWN) keys.set(path, key)
  return key
}

function resolve(kind: ResourceKind, path: string): MatchKey | undefined {
  const scalar = kind.columns.find((column) => (column.path ?? column.name) === path)
  if (scalar && (scalar.type === 'text' || scalar.type === 'float8' || scalar.type === 'boolean')) {
    return { column: scalar.name, below: [] }
  }
  const [top = '', ...below] = path.split('.')
  const document = kind.columns.find(
    (column) => column.name === top && column.type === 'jsonb' && column.fold !== 'provider',
  )
  return document && below.length > 0 && below.every((step) => step !== '')
    ? { column: top, below }
    : undefined
}

/**
 * The value a resource has at a key, as text the way PostgreSQL writes it; '' where it has none, so that "no
 * account" only ever matches "no account". Undefined for lists and objects, which cannot identify anything.
 */
export function readMatchValue(resource: PackedResource, key: MatchKey): string | undefined {
  const { columns } = key.below.length === 0 ? resource : { columns: unpackDocument(resource.kind, resource) }
  let value: JsonValue | undefined = columns[key.column]
  for (const step of key.below) value = stepInto(value, step)
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return toNumericText(value)
  return typeof value === 'object' ? undefined : String(value)
}

/** PostgreSQL writes the numbers of jsonb out; JavaScript gives large and small ones an exponent. */
function toNumericText(value: number): string {
  const text = String(value)
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? []
  if (exponent === undefined) return text
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  return point > 0 ? sign + digits.padEnd(point, '0') : `${sign}0.${'0'.repeat(-point)}${digits}`
}

function stepInto(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(step)]
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, step) ? value[step] : undefined
}
