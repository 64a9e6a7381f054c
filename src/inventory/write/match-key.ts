import type { JsonValue } from '@bufbuild/protobuf'
import type { ResourceDocument, ResourceKind } from '../kinds.ts'

/** A path of a match rule, resolved against its kind: a column, and the way into the column's JSON if it has one. */
export type MatchKey = { readonly column: string; readonly below: readonly string[] }

/** Resolves an API path (`reference.resource_id`, `data.vpc.id`); undefined when resources cannot be matched on it. */
export function findMatchKey(kind: ResourceKind, path: string): MatchKey | undefined {
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
 * The value a document has at a key, as text the way PostgreSQL writes it; '' where it has none, so that "no
 * account" only ever matches "no account". Undefined for lists and objects, which cannot identify anything.
 */
export function readMatchValue(document: ResourceDocument, key: MatchKey): string | undefined {
  let value: JsonValue | undefined = document[key.column]
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
